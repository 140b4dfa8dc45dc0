from tests.faults.test_worker import *
async def test_zz(store, settings, mailbox, own_valkey):
    async with running_worker(settings.model_copy(update={"redis_url": own_valkey.url})) as worker:
        await worker.wait_for("worker started")
        await leave_cases(store)
        await until(store, all_sent)
        own_valkey.kill()
        await worker.wait_for("wake-ups lost")
        await asyncio.to_thread(own_valkey.start)
        await store.db.raw.fetch("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        await leave_cases(store)
        await until(store, lambda rows: len(rows)==2 and all_sent(rows))
        worker.terminate()
        await worker.wait()
        print("".join(worker.lines))
