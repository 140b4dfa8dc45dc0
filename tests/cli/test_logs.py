from cli.logs import trim


def test_a_long_log_starts_anew_and_its_lines_are_kept_beside_it(tmp_path):
    log = tmp_path / "api.log"
    log.write_text("x" * 20)
    with log.open("a") as writer:
        trim(tmp_path, most_bytes=10)
        writer.write("next")
    assert log.read_text() == "next"
    assert (tmp_path / "api.log.1").read_text() == "x" * 20


def test_a_short_log_stays(tmp_path):
    (tmp_path / "api.log").write_text("x" * 10)
    trim(tmp_path, most_bytes=10)
    assert [path.name for path in tmp_path.iterdir()] == ["api.log"]
