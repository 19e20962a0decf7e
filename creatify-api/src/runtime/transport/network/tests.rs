//! Networks. In: addresses in every spelling, and redirects between them. Out: where they lead, and which are refused.

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).expect(text)
}

#[test]
fn where_addresses_lead() {
    let table = [
        (
            Network::Loopback,
            &[
                "127.0.0.1",
                "127.255.255.254",
                "127.1",
                "2130706433",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "0.0.0.0",
                "%31%32%37.0.0.1",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "a.localhost",
                "localhost.localdomain",
                "ip6-localhost",
            ][..],
        ),
        (
            Network::LinkLocal,
            &[
                "169.254.169.254",
                "[fe80::1]",
                "[febf::1]",
                "[::ffff:169.254.0.1]",
            ],
        ),
        (
            Network::Private,
            &[
                "10.0.0.1",
                "10.255.255.255",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "100.127.255.255",
                "192.0.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "203.0.113.7",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "[fc00::1]",
                "[fdff::1]",
                "[fec0::1]",
                "[ff02::1]",
                "[2001::1]",
                "[2001:db8::1]",
                "[3fff::1]",
                "[100::1]",
                "[64:ff9b:1::1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:0:10.0.0.1]",
                "[2002:c0a8:1::]",
                "[64:ff9b::a00:1]",
                "intranet",
                "printer.local",
                "metadata.google.internal",
                "metadata.google.internal.",
                "router.home.arpa",
                "files.lan",
            ],
        ),
        (
            Network::Public,
            &[
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "223.255.255.255",
                "[2606:4700::1111]",
                "[2001:4860::8888]",
                "[::ffff:1.1.1.1]",
                "[2002:101:101::]",
                "media.example.com",
                "localhost.example.com",
                "127.0.0.1.example.com",
                "notlocalhost.com",
                "mylocal.org",
            ],
        ),
    ];
    for (network, hosts) in table {
        for host in hosts {
            let found = Network::of(&url(&format!("https://{host}/a")));
            assert_eq!(found, network, "{host}");
        }
    }
}

#[test]
fn where_redirects_may_lead() {
    const PUBLIC: &str = "https://media.example.com/a";
    // From, to, and whether it is followed: by default, with `allow_http`, with `allow_private_redirects`, with both.
    let table = [
        (PUBLIC, "https://cdn.example.net/a", [true; 4]),
        (
            PUBLIC,
            "http://cdn.example.net/a",
            [false, true, false, true],
        ),
        (
            PUBLIC,
            "http://media.example.com/a",
            [false, true, false, true],
        ),
        (PUBLIC, "https://127.0.0.1/a", [false, false, true, true]),
        (PUBLIC, "http://127.0.0.1/a", [false, false, false, true]),
        (PUBLIC, "https://localhost/a", [false, false, true, true]),
        (PUBLIC, "https://10.0.0.1/a", [false, false, true, true]),
        (
            PUBLIC,
            "https://[::ffff:10.0.0.1]/a",
            [false, false, true, true],
        ),
        (
            PUBLIC,
            "http://169.254.169.254/",
            [false, false, false, true],
        ),
        (PUBLIC, "ftp://cdn.example.net/a", [false; 4]),
        (PUBLIC, "file:///etc/passwd", [false; 4]),
        (PUBLIC, "https://user@cdn.example.net/a", [false; 4]),
        (PUBLIC, "https://:word@cdn.example.net/a", [false; 4]),
        // From the emulator to itself and to the world, but not into the rest of the house.
        ("http://127.0.0.1:1/a", "http://127.0.0.1:2/a", [true; 4]),
        ("http://127.0.0.1:1/a", "http://localhost:2/a", [true; 4]),
        ("http://127.0.0.1:1/a", PUBLIC, [true; 4]),
        (
            "http://127.0.0.1:1/a",
            "http://cdn.example.net/a",
            [false, true, false, true],
        ),
        (
            "http://127.0.0.1:1/a",
            "https://192.168.0.1/a",
            [false, false, true, true],
        ),
        (
            "https://127.0.0.1:1/a",
            "http://127.0.0.1:2/a",
            [false, true, false, true],
        ),
        // Within a private network, but not to the machine itself or its cloud.
        ("https://10.0.0.1/a", "https://10.0.0.2/a", [true; 4]),
        (
            "https://10.0.0.1/a",
            "https://127.0.0.1/a",
            [false, false, true, true],
        ),
        (
            "https://10.0.0.1/a",
            "https://169.254.169.254/a",
            [false, false, true, true],
        ),
    ];
    for (from, to, expected) in table {
        let followed = [
            (Encryption::Required, false),
            (Encryption::Optional, false),
            (Encryption::Required, true),
            (Encryption::Optional, true),
        ]
        .map(|(encryption, private)| {
            let policy = RedirectPolicy {
                encryption,
                private,
            };
            policy.problem(&url(from), &url(to)).is_none()
        });
        assert_eq!(followed, expected, "{from} to {to}");
    }
}
