"""Which addresses may be reached from here: those of the public internet, and those that the operator allowed."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self, TypeAlias

_SHARED = IPv4Network("100.64.0.0/10")
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_V4_COMPATIBLE = IPv6Network("::/96")
_HOST_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._")

Address: TypeAlias = IPv4Address | IPv6Address


def refusal(text: str) -> str | None:
    """Why this address is not one of the public internet, in a few words; none where it is one."""
    address = ip_address(text)
    inner = _embedded(address)
    if inner is not None:
        why = _why(inner)
        return why and f"{why}, written as IPv6"
    return _why(address)


def _why(address: Address) -> str | None:
    kinds = (
        (address.is_unspecified, "an address of no machine"),
        (address.is_loopback, "a loopback address"),
        (address.is_link_local, "a link-local address"),
        (address.is_multicast, "a multicast address"),
        (address in _SHARED, "an address shared by a provider's customers"),
        (address in _NAT64_LOCAL, "an address of a local translator"),
        (address in _V4_COMPATIBLE, "a reserved address"),
        (isinstance(address, IPv6Address) and address.is_site_local, "a private address"),
        (address.is_reserved, "a reserved address"),
        (address.is_private or not address.is_global, "a private address"),
    )
    return next((why for is_so, why in kinds if is_so), None)


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, translated (RFC 6052), by 6to4 or by Teredo."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an operator lets be reached besides the public internet: hosts by their names, addresses, networks."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def read(cls, parts: Iterable[str]) -> Self:
        """What these texts name.

        Raises: ValueError.
        """
        hosts, networks = set(), []
        for part in parts:
            try:
                networks.append(ip_network(part.strip("[]"), strict=False))
            except ValueError:
                hosts.add(_host(part))
        return cls(frozenset(hosts), tuple(networks))

    def refusal(self, host: str, address: str) -> str | None:
        """Why that address of that host may not be reached; none where it may."""
        why = refusal(address)
        if why is None or host.lower().rstrip(".") in self.hosts:
            return None
        parsed = ip_address(address)
        known = {parsed, _embedded(parsed)} - {None}
        return None if any(one in network for one in known for network in self.networks if one) else why


def _host(text: str) -> str:
    host = text.lower().rstrip(".")
    if not host or "/" in host or not _HOST_LETTERS.issuperset(host):
        raise ValueError(f"{text!r} is no host, address or network")
    return host
