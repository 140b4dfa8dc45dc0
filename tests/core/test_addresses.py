import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import Allowed, refusal

PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
REFUSED = {
    "0.0.0.0": "an address of no machine",
    "::": "an address of no machine",
    "127.0.0.1": "a loopback address",
    "127.9.9.9": "a loopback address",
    "::1": "a loopback address",
    "10.0.0.1": "a private address",
    "172.16.0.1": "a private address",
    "192.168.1.1": "a private address",
    "192.0.2.1": "a private address",
    "198.18.0.1": "a private address",
    "169.254.169.254": "a link-local address",
    "fe80::1": "a link-local address",
    "100.64.0.1": "an address shared by a provider's customers",
    "100.127.255.255": "an address shared by a provider's customers",
    "224.0.0.1": "a multicast address",
    "ff02::1": "a multicast address",
    "240.0.0.1": "a reserved address",
    "255.255.255.255": "a reserved address",
    "fc00::1": "a private address",
    "fd00:ec2::254": "a private address",
    "fec0::1": "a private address",
    "2001:db8::1": "a private address",
    "::7f00:1": "a reserved address",
    "::ffff:127.0.0.1": "a loopback address, written as IPv6",
    "::ffff:169.254.169.254": "a link-local address, written as IPv6",
    "64:ff9b::7f00:1": "a loopback address, written as IPv6",
    "64:ff9b::a00:1": "a private address, written as IPv6",
    "64:ff9b:1::1": "an address of a local translator",
    "2002:7f00:1::": "a loopback address, written as IPv6",
}


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_may_be_reached(address: str):
    assert refusal(address) is None


@pytest.mark.parametrize(("address", "why"), REFUSED.items())
def test_what_is_not_of_the_public_internet_is_refused_with_the_reason(address: str, why: str):
    assert refusal(address) == why


@given(st.ip_addresses(v=4))
def test_an_address_in_an_ipv6_coat_is_as_free_as_without(address):
    bare = refusal(str(address)) is None
    for coat in ("::ffff:{}", "64:ff9b::{}"):
        assert (refusal(coat.format(address)) is None) == bare


@pytest.mark.parametrize(
    ("allowed", "host", "address", "is_allowed"),
    [
        ("10.1.0.0/16", "hooks", "10.1.2.3", True),
        ("10.1.0.0/16", "hooks", "10.2.2.3", False),
        ("10.1.0.0/16", "hooks", "::ffff:10.1.2.3", True),
        ("127.0.0.1", "hooks", "127.0.0.1", True),
        ("127.0.0.1", "hooks", "127.0.0.2", False),
        ("::1", "hooks", "::1", True),
        ("[::1]", "hooks", "::1", True),
        ("hooks.internal", "hooks.internal", "10.0.0.1", True),
        ("Hooks.Internal.", "hooks.internal", "10.0.0.1", True),
        ("hooks.internal", "evil.hooks.internal", "10.0.0.1", False),
    ],
)
def test_an_operator_allows_hosts_addresses_and_networks(allowed: str, host: str, address: str, is_allowed: bool):
    assert (Allowed.read([allowed]).refusal(host, address) is None) == is_allowed


@pytest.mark.parametrize("part", ["http://hooks", "a b", "", "10.0.0.0/99"])
def test_what_is_no_host_address_or_network_cannot_be_allowed(part: str):
    with pytest.raises(ValueError, match="is no host, address or network"):
        Allowed.read([part])
