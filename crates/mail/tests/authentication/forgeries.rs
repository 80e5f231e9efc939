//! Headers of those who want to be somebody else, and of mail of which nothing can be known.

use super::{Case, check};
use postern_mail::authentication::Alignment::{Dkim, Dmarc, Spf, Submission, Unproven};

pub(super) const CASES: &[Case] = &[
    // Whose field it is.
    ("another server's name", "Authentication-Results: mx.evil.example; dmarc=pass header.from=example.com\n", None, ""),
    (
        "our name as the beginning of another",
        "Authentication-Results: mx.example.org.evil.example; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    (
        "our name as the end of another",
        "Authentication-Results: evil-mx.example.org; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    (
        "our name in a comment",
        "Authentication-Results: (mx.example.org;) evil.example; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    (
        "our name behind another",
        "Authentication-Results: evil.example; mx.example.org; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    ("our name inside a quote", "Authentication-Results: \"mx.example.org; x\"; dmarc=pass header.from=example.com\n", None, ""),
    (
        "our name with two dots behind it",
        "Authentication-Results: mx.example.org..; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    (
        "our name with a letter of another script",
        "Authentication-Results: mх.example.org; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    (
        "our name as an encoded word",
        "Authentication-Results: =?utf-8?q?mx=2Eexample=2Eorg?=; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    (
        "the name of a field of its own",
        "X-Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    ("results of a chain", "ARC-Authentication-Results: i=1; mx.example.org; dmarc=pass header.from=example.com\n", None, ""),
    (
        "the value of another field",
        "X-A: a\n Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n",
        None,
        "",
    ),
    ("no name at all", "Authentication-Results: dmarc=pass header.from=example.com\n", None, ""),
    ("nothing at all", "Authentication-Results:\n", None, ""),
    // Where it stands.
    (
        "below what we said",
        "Authentication-Results: mx.example.org; dmarc=fail header.from=example.com\nReceived: from evil.example by mx.example.org\n\
         Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n",
        Some(Unproven),
        "1 more field with our name below",
    ),
    (
        "below what we said, which was nothing",
        "Authentication-Results: mx.example.org; none\nReceived: from evil.example by mx.example.org\n\
         Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nAuthentication-Results: mx.example.org; dkim=pass header.d=example.com\n",
        Some(Unproven),
        "2 more fields with our name below",
    ),
    (
        "below, and worse, for it may be of another time",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nReceived: from list.example by mx.example.org\n\
         Authentication-Results: mx.example.org; dmarc=fail header.from=example.com\n",
        Some(Dmarc),
        "1 more field with our name below",
    ),
    (
        "beside what we said, and better",
        "Received: from evil.example by mx.example.org\nAuthentication-Results: mx.example.org; dmarc=fail header.from=example.com\n\
         Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\n",
        Some(Unproven),
        "disowns",
    ),
    (
        "beside what we said of a domain without DMARC",
        "Authentication-Results: mx.example.org; dmarc=none header.from=example.com\nAuthentication-Results: mx.example.org; dmarc=pass header.from=example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "behind another server's results",
        "Authentication-Results: mx.example.org; spf=none\nAuthentication-Results: evil.example; none\nAuthentication-Results: mx.example.org; dkim=pass header.d=example.com\n",
        Some(Unproven),
        "1 more field with our name below",
    ),
    (
        "behind a field that senders write",
        "Authentication-Results: mx.example.org; spf=none\nFrom: anna@example.com\nAuthentication-Results: mx.example.org; dkim=pass header.d=example.com\n",
        Some(Unproven),
        "1 more field with our name below",
    ),
    // What the sender wrote into what we say.
    (
        "a pass in a comment",
        "Authentication-Results: mx.example.org; spf=fail (dmarc=pass header.from=example.com) smtp.mailfrom=evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a pass in a reason",
        "Authentication-Results: mx.example.org; dmarc=fail reason=\"; dmarc=pass header.from=example.com\" header.from=example.com\n",
        Some(Unproven),
        "disowns",
    ),
    (
        "a pass in a quoted envelope sender",
        "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=\"a; dmarc=pass header.from=example.com; x=\"@evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "an envelope sender that ends a comment",
        "Authentication-Results: mx.example.org; spf=pass (domain of \"x);dmarc=pass header.from=example.com (\"@evil.example designates 192.0.2.1) smtp.mailfrom=evil.example\n",
        Some(Unproven),
        "ends inside a quote",
    ),
    (
        "a comment ended by an encoded word",
        "Authentication-Results: mx.example.org; spf=pass (domain of =?utf-8?q?=29;_dmarc=3Dpass_header.from=3Dexample.com_=28?=@evil.example) smtp.mailfrom=evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a comment that escapes its end",
        "Authentication-Results: mx.example.org; spf=none (x \\) ; dmarc=pass header.from=example.com) smtp.mailfrom=evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a comment without an end hides what we said",
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.com; spf=none (a( smtp.mailfrom=evil.example; dmarc=fail header.from=example.com\n",
        Some(Unproven),
        "a comment has no end",
    ),
    (
        "a quote without an end hides what we said",
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.com; spf=none smtp.mailfrom=\"a@evil.example; dmarc=fail header.from=example.com\n",
        Some(Unproven),
        "a quote has no end",
    ),
    (
        "a HELO name without spaces",
        "Authentication-Results: mx.example.org; spf=none smtp.helo=x;dmarc=pass()header.from=example.com\n",
        Some(Unproven),
        "not set apart",
    ),
    (
        "an envelope sender that was not quoted",
        "Authentication-Results: mx.example.org; spf=none smtp.mailfrom=a; dkim=pass header.d=example.com; x=y@evil.example\n",
        Some(Unproven),
        "form",
    ),
    (
        "a From smuggled in beside the real one",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=evil.example header.from=example.com\n",
        Some(Unproven),
        "does not say for which",
    ),
    (
        "two results about two senders",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com; dmarc=pass header.from=evil.example\n",
        Some(Unproven),
        "does not say for which",
    ),
    (
        "line ends inside a quote",
        "Authentication-Results: mx.example.org; dmarc=fail reason=\"a\r\n\tdmarc=pass;\r\n header.from=example.com\" header.from=example.com\r\n",
        Some(Unproven),
        "disowns",
    ),
    (
        "a line that only looks like a fold's end",
        "Authentication-Results: mx.example.org; dmarc=none\n \n\t; spf=none\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a version that is not known",
        "Authentication-Results: mx.example.org 2; dmarc=pass header.from=example.com\n",
        Some(Unproven),
        "version",
    ),
    (
        "a method's version that is not known",
        "Authentication-Results: mx.example.org; dmarc/2=pass header.from=example.com\n",
        Some(Unproven),
        "dmarc=other",
    ),
    (
        "the version that is known",
        "Authentication-Results: mx.example.org 1; dmarc/1=pass header.from=example.com\n",
        Some(Dmarc),
        "by DMARC",
    ),
    // What it says, and of whom.
    (
        "DMARC of another domain",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=evil.example\n",
        Some(Unproven),
        "is about evil.example",
    ),
    (
        "DMARC of the domain above",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: a@sub.example.com\n",
        Some(Unproven),
        "is about example.com",
    ),
    ("DMARC of nobody", "Authentication-Results: mx.example.org; dmarc=pass\n", Some(Unproven), "does not say for which"),
    (
        "DMARC with a trailing dot",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com.\n",
        Some(Unproven),
        "does not say for which",
    ),
    (
        "DMARC of letters of another script",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=xn--e1awd7f.example\nFrom: a@ерсо.example\n",
        Some(Unproven),
        "is about",
    ),
    (
        "DMARC that could not be checked",
        "Authentication-Results: mx.example.org; dmarc=temperror header.from=example.com; dkim=pass header.d=example.com\n",
        Some(Unproven),
        "could not be checked",
    ),
    (
        "DMARC that cannot be checked",
        "Authentication-Results: mx.example.org; dmarc=permerror header.from=example.com; dkim=pass header.d=example.com\n",
        Some(Unproven),
        "dmarc=permerror",
    ),
    (
        "a failure beside everything else",
        "Authentication-Results: mx.example.org; auth=pass smtp.auth=anna@example.com; dkim=pass header.d=example.com; dmarc=fail header.from=example.com\n",
        Some(Unproven),
        "disowns",
    ),
    (
        "a signature of somebody else",
        "Authentication-Results: mx.example.org; dkim=pass header.d=evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a signature of a host below",
        "Authentication-Results: mx.example.org; dkim=pass header.d=customer.example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a signature of the top",
        "Authentication-Results: mx.example.org; dkim=pass header.d=com header.i=@example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a signature whose identity is another's",
        "Authentication-Results: mx.example.org; dkim=pass header.d=evil.example header.i=anna@example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a signature whose domain is another's",
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.com header.i=@evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a domain that ends like the author's",
        "Authentication-Results: mx.example.org; dkim=pass header.d=ample.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "one signature with two results",
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.com header.s=k1; dkim=fail header.d=example.com header.s=k1\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a signature that passed and breaks a rule",
        "Authentication-Results: mx.example.org; dkim=policy header.d=example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a result that begins like a pass",
        "Authentication-Results: mx.example.org; dkim=passed header.d=example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a method that begins like another",
        "Authentication-Results: mx.example.org; dkim-adsp=pass header.d=example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "SPF of another domain",
        "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=a@evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "SPF of a host below",
        "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=a@bounce.example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "SPF with a local part like an address",
        "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=\"anna@example.com\"@evil.example\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "SPF that wavers",
        "Authentication-Results: mx.example.org; spf=softfail smtp.mailfrom=example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "SPF with two results",
        "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=example.com; spf=neutral smtp.mailfrom=example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "SPF for the domain above",
        "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=example.com\nFrom: a@sub.example.com\n",
        Some(Spf),
        "(SPF)",
    ),
    (
        "a login as somebody else",
        "Authentication-Results: mx.example.org; auth=pass smtp.auth=mallory@example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a login without a domain",
        "Authentication-Results: mx.example.org; auth=pass smtp.auth=anna\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a login that failed",
        "Authentication-Results: mx.example.org; auth=fail smtp.auth=anna@example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a login for one of two authors",
        "Authentication-Results: mx.example.org; auth=pass smtp.auth=anna@example.com\nFrom: anna@example.com, bert@example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a login, and DMARC is silent",
        "Authentication-Results: mx.example.org; auth=pass smtp.auth=anna@example.com; dmarc=none\n",
        Some(Submission),
        "logged in",
    ),
    // Who the author is.
    (
        "two From fields",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: boss@example.com\nFrom: mallory@example.com\n",
        Some(Unproven),
        "may differ about its From",
    ),
    (
        "people of two domains",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: boss@example.com, mallory@evil.example\n",
        Some(Unproven),
        "several domains",
    ),
    (
        "an address as the name",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=evil.example\nFrom: \"boss@example.com\" <mallory@evil.example>\n",
        Some(Dmarc),
        "evil.example by DMARC",
    ),
    (
        "an empty From",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom:\n",
        Some(Unproven),
        "no sender",
    ),
    (
        "an empty group",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: nobody:;\n",
        Some(Unproven),
        "group",
    ),
    (
        "a group",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: all: boss@example.com;\n",
        Some(Unproven),
        "group",
    ),
    (
        "a colon in a name is no group",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: \"A: b;\" <anna@example.com>\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "an address literal",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=[192.0.2.1]\nFrom: a@[192.0.2.1]\n",
        Some(Unproven),
        "none that can be proven",
    ),
    (
        "a number of a host",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=192.0.2.1\nFrom: a@192.0.2.1\n",
        Some(Unproven),
        "none that can be proven",
    ),
    (
        "a host without a domain",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=localhost\nFrom: root@localhost\n",
        Some(Unproven),
        "none that can be proven",
    ),
    (
        "a line that is no field",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: anna@example.com\nthis is no field\n",
        Some(Unproven),
        "may differ about its From",
    ),
    (
        "a sender whose signature covers a domain below",
        "Authentication-Results: mx.example.org; dkim=pass header.i=@sub.example.com header.d=example.com\nFrom: a@sub.example.com\n",
        Some(Dkim),
        "by the signature of example.com",
    ),
];

#[test]
fn a98_no_forger_is_believed() {
    check(CASES);
}
