"""URLs of every kind that lists of such attacks know."""

from ipaddress import ip_network

import pytest

from adapters.webhooks.addresses import Addresses
from domain.errors import InvalidError

REFUSED = [
    # schemes
    *("http://hooks.example.com/", "ftp://hooks.example.com/", "file:///etc/passwd", "gopher://hooks.example.com/"),
    *("javascript:alert(1)", "//hooks.example.com/", "hooks.example.com", "https:hooks.example.com", "https:///path"),
    *("https://", "", "data:text/plain,hello", "dict://hooks.example.com:443/"),
    # literals
    *("https://127.0.0.1/", "https://127.255.255.254/", "https://0.0.0.0/", "https://10.0.0.1/", "https://172.16.0.1/"),
    *("https://192.168.0.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://224.0.0.1/"),
    *("https://255.255.255.255/", "https://198.18.0.1/", "https://192.0.2.1/"),
    # encodings of 127.0.0.1
    *("https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.1/"),
    *("https://127.0.1/", "https://017700000001/", "https://0x7f.1/", "https://127.0.0.1./", "https://1.1.1.1.1/"),
    *("https://127。0。0。1/", "https://１２７.0.0.1/", "https://%31%32%37.0.0.1/", "https://ⓛocalhost/"),
    # IPv6
    *(
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fc00::1]/",
    ),
    *("https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/"),
    *("https://[::127.0.0.1]/", "https://[2001:db8::1]/", "https://[ff02::1]/", "https://[fd00:ec2::254]/"),
    *("https://[2606:4700::1111%25eth0]/", "https://[::1/", "https://::1/"),
    # user names and confusions
    *("https://user@hooks.example.com/", "https://user:word@hooks.example.com/", "https://@hooks.example.com/"),
    *("https://hooks.example.com@127.0.0.1/", "https://127.0.0.1\\@hooks.example.com/", "https://a b.example.com/"),
    *("https://hooks.example.com#@127.0.0.1/", "https://hooks.example.com/#x", "https://hooks.example.com\t/"),
    *("https://hooks.example.com/\r\nX-Evil: 1", "https://hooks.example.com\x00/", "https://hooks..example.com/"),
    *("https://-hooks.example.com/", "https://.example.com/", f"https://hooks.example.com/{'x' * 2000}"),
    # ports
    *("https://hooks.example.com:22/", "https://hooks.example.com:80/", "https://hooks.example.com:0/"),
    *("https://hooks.example.com:65536/", "https://hooks.example.com:-1/", "https://hooks.example.com:443443/"),
    *("https://hooks.example.com:6379/", "https://hooks.example.com:x/"),
]
TAKEN = [
    *("https://hooks.example.com/", "https://hooks.example.com", "https://hooks.example.com:443/a/b?c=d&e=%20"),
    *("https://hooks.example.com:8443/", "HTTPS://Hooks.Example.COM/", "https://xn--bcher-kva.example/"),
    *("https://8.8.8.8/", "https://[2606:4700::1111]/", "https://a_b.example.com./", "https://localhost/"),
]


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_no_endpoint_may_have(url: str) -> None:
    with pytest.raises(InvalidError) as refused:
        Addresses().check(url)
    (fault,) = refused.value.faults
    assert fault.pointer == "/url"
    assert url not in fault.message or not url


@pytest.mark.parametrize("url", TAKEN)
def test_a_url_that_one_may_have(url: str) -> None:
    """A name may lead anywhere: that is judged when it is connected to."""
    Addresses().check(url)


def test_the_lists_are_long_enough() -> None:
    assert len(set(REFUSED)) >= 40


def test_an_operator_may_allow_http_a_port_and_a_network() -> None:
    rules = Addresses(http=True, ports=frozenset({9000}), allowed=(ip_network("10.0.0.0/8"),))
    rules.check("http://10.1.2.3:9000/hook")
    for url in ("http://192.168.0.1:9000/", "http://10.1.2.3/", "http://10.1.2.3:443/"):
        with pytest.raises(InvalidError):
            rules.check(url)
