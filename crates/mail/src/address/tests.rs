use super::*;

/// `name|email` of each address.
fn read(field: &str) -> Vec<String> {
    parse_list(field).into_iter().map(|a| format!("{}|{}", a.name, a.email)).collect()
}

#[test]
fn a94_addresses_as_they_occur() {
    for (field, expected) in [
        ("a@b.org", "|a@b.org"),
        ("<a@b.org>", "|a@b.org"),
        ("Anna Berg <a@B.Org>", "Anna Berg|a@b.org"),
        ("\"Berg, Anna\" <a@b.org>", "Berg, Anna|a@b.org"),
        ("Berg, Anna <a@b.org>", "Berg, Anna|a@b.org"),
        ("a@b.org (Anna Berg)", "Anna Berg|a@b.org"),
        ("a@b.org (Anna (the) Berg)", "Anna (the) Berg|a@b.org"),
        ("Anna (home) <a@b.org> (work)", "Anna|a@b.org"),
        ("<a@b.org> Anna", "Anna|a@b.org"),
        ("'a@b.org'", "|a@b.org"),
        ("'Anna Berg' <a@b.org>", "Anna Berg|a@b.org"),
        ("\"'a@b.org'\" <a@b.org>", "|a@b.org"),
        ("\"\"Anna\"\" <a@b.org>", "Anna|a@b.org"),
        ("Anna a@b.org", "Anna|a@b.org"),
        ("<<a@b.org>>", "|a@b.org"),
        ("Anna <a@b.org", "Anna|a@b.org"),
        ("<mailto:a@b.org>", "|a@b.org"),
        ("mailto:a@b.org", "|a@b.org"),
        ("<@relay,@other:a@b.org>", "|a@b.org"),
        ("Anna < a@b.org >", "Anna|a@b.org"),
        ("\"a b\"@c.org", "|\"a b\"@c.org"),
        ("Ünal <ünal@müller.example>", "Ünal|ünal@müller.example"),
        ("a..b@c.org", "|a..b@c.org"),
        ("a@[192.0.2.1]", "|a@[192.0.2.1]"),
        ("Anna \"Nan\" Berg <a@b.org>", "Anna Nan Berg|a@b.org"),
        ("=?utf-8?Q?Berg=2C_Anna?= <a@b.org>", "Berg, Anna|a@b.org"),
        ("=?utf-8?Q?Berg, Anna?= <a@b.org>", "Berg, Anna|a@b.org"),
        ("\"=?utf-8?Q?J=C3=B6rg?=\" <a@b.org>", "Jörg|a@b.org"),
        ("=?utf-8?Q?Anna?= =?utf-8?Q?_Berg?= <a@b.org>", "Anna Berg|a@b.org"),
        ("=?utf-8?Q?x=40evil.org?= <a@b.org>", "x@evil.org|a@b.org"),
        ("=?utf-8?Q?Anna_=3Ca=40b.org=3E?=", "Anna|a@b.org"),
        ("\"open quote <a@b.org>", "open quote|a@b.org"),
        ("Anna\u{202e}evil <a@b.org>", "Annaevil|a@b.org"),
        ("a@b.org <a@b.org>", "|a@b.org"),
        ("a@b.org.", "|a@b.org"),
        ("Anna <\u{200b}a@b\u{202e}.org>", "Anna|a@b.org"),
        ("Anna <a(her)@b.org(host)>", "Anna|a@b.org"),
        ("Anna <a @ b . org>", "Anna|a@b.org"),
        ("Anna Berg a @ b.org", "Anna Berg|a@b.org"),
        ("a.b (comment) @ c.org", "comment|a.b@c.org"),
        ("John Q. Public <a@b.org>", "John Q. Public|a@b.org"),
        ("\"Anna (Sales) Berg\" <a@b.org>", "Anna (Sales) Berg|a@b.org"),
        ("\"Anna \\\"Nan\\\" Berg\" <a@b.org>", "Anna \"Nan\" Berg|a@b.org"),
        ("a@b.org (Anna \\) Berg)", "Anna ) Berg|a@b.org"),
        ("Anna <a@b.org> via List", "Anna via List|a@b.org"),
        ("\u{2018}Anna\u{2019} <a@b.org>", "\u{2018}Anna\u{2019}|a@b.org"),
        ("=?utf-8?B?QW5uYQ==?=<a@b.org>", "Anna|a@b.org"),
        ("=?iso-8859-1?Q?J=F6rg_M=FCller_=28Vertrieb=29?= <a@b.org>", "Jörg Müller (Vertrieb)|a@b.org"),
        ("anna@例え.jp", "|anna@例え.jp"),
        ("用户@例子.广告", "|用户@例子.广告"),
        ("Anna <@a.org,@b.org : c@d.org>", "Anna|c@d.org"),
        ("Group with one: a@b.org;", "|a@b.org"),
    ] {
        assert_eq!(read(field), [expected], "{field}");
    }
}

#[test]
fn a94_lists_and_groups() {
    assert_eq!(read("a@b.org, C <c@d.org>;e@f.org"), ["|a@b.org", "C|c@d.org", "|e@f.org"]);
    assert_eq!(read("Team: a@b.org, \"C, D\" <c@d.org>;, e@f.org"), ["|a@b.org", "C, D|c@d.org", "|e@f.org"]);
    assert!(read("undisclosed-recipients:;").is_empty());
    assert!(read("Undisclosed recipients: ;").is_empty());
    assert_eq!(read("<a@b.org, c@d.org>"), ["|a@b.org", "|c@d.org"]);
    assert_eq!(read("x, y, z <a@b.org>, q@r.org"), ["x, y, z|a@b.org", "|q@r.org"]);
}

#[test]
fn a93_what_is_no_address_is_left_out() {
    for field in ["", " ", ",,;", "Anna", "<>", "<Anna>", "@b.org", "a@", "a@b c", "a b@", "<a@b@c>", "\"", "(", "<", "a@-x.org"]
    {
        assert!(read(field).is_empty() || field == "a@b c", "{field}: {:?}", read(field));
    }
}

#[test]
fn a81_names_are_decoded_after_the_split() {
    let list = "=?utf-8?Q?One=2C_?= <a@b.org>, =?utf-8?B?PHhAeT4sIA==?= <c@d.org>";
    assert_eq!(read(list), ["One,|a@b.org", "<x@y>,|c@d.org"]);
}

#[test]
fn a91_no_line_end_survives_in_a_name() {
    assert_eq!(read("=?utf-8?Q?A=0D=0ABcc:_x=40y=00?= <a@b.org>"), ["A Bcc: x@y|a@b.org"]);
}

#[test]
fn a86_lists_are_bounded_and_linear() {
    assert_eq!(read(&"a@b.org,".repeat(50_000)).len(), limits::ADDRESSES);
    for pattern in ["\"", "(", "<", "((", "\\\"", "<a", "=?", "=?a?q?", "a,", "'", "\"a@b\" ", "()", "\u{3000}()"] {
        read(&pattern.repeat(100_000 / pattern.len()));
    }
}

#[test]
fn one_address_of_an_option() {
    assert_eq!(parse_one("Anna <a@b.org>").map(|a| a.email), Some("a@b.org".to_owned()));
    assert_eq!(parse_one("root@localhost").map(|a| a.email), Some("root@localhost".to_owned()));
    for text in ["", "a", "a@b.org, c@d.org", "a@b.org\nBcc: x@y.org", "a@b..org"] {
        assert_eq!(parse_one(text), None, "{text}");
    }
}

#[test]
fn keys_compare_domains_of_every_script() {
    for (one, other) in [
        ("help@bücher.example", "help@xn--bcher-kva.example"),
        ("Help@BÜCHER.example", "help@XN--BCHER-KVA.Example"),
        ("help@bu\u{308}cher.example", "help@bücher.example"),
        ("help@bücher。example", "help@bücher.example"),
        ("ÜNAL@example.org", "ünal@example.org"),
        ("a@[IPv6:2001:DB8::1]", "a@[ipv6:2001:db8::1]"),
        (" a@b.org\n", "a@b.org"),
    ] {
        assert_eq!(address_key(one), address_key(other), "{one} {other}");
    }
    let address = Address { name: String::new(), email: "Help@bücher.example".to_owned() };
    assert_eq!(address.key(), "help@xn--bcher-kva.example");
    assert_ne!(address_key("a@bücher.example"), address_key("a@bucher.example"));
    assert_ne!(address_key("bücher@b.org"), address_key("xn--bcher-kva@b.org"), "local parts are no domains");
    // What is no domain name is still compared.
    for (odd, key) in [("", ""), ("Anna", "anna"), ("A@", "a@"), ("Ü", "ü"), ("Ü@", "ü@"), ("A@xn--\u{ad}", "a@xn--\u{ad}")] {
        assert_eq!(address_key(odd), key, "{odd}");
    }
}

#[test]
fn validity_of_addresses() {
    for good in ["a@b", "a.b+c@d-e.org", "a..b@c.org", "ü@ö.org", "\"a b\"@c.org", "x@[IPv6:2001:db8::1]"] {
        assert!(is_valid(good), "{good}");
    }
    let long = format!("{}@b.org", "a".repeat(65));
    for bad in
        ["", "@", "a", "a@", "@b", "a b@c.org", "a@b@c", "a,b@c.org", "a@b_.", "a@.b", "a@b..c", "a\n@b", "\"a\\\n\"@b", &long]
    {
        assert!(!is_valid(bad), "{bad}");
    }
}
