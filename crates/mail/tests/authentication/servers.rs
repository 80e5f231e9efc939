//! Fields as mail servers write them, each as our border's.

use super::{Case, check};
use postern_mail::authentication::Alignment::{Dkim, Dmarc, Spf, Submission, Unproven};

pub(super) const CASES: &[Case] = &[
    (
        "Google",
        "Received: by 2002:a05:6a10:1:b0:4d1 with SMTP id a1csp1;\n        Mon, 2 Nov 2026 02:00:00 -0800 (PST)\n\
         X-Received: by 2002:a17:906:1 with SMTP id b2mr1;\n        Mon, 2 Nov 2026 02:00:00 -0800 (PST)\n\
         ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none;\n        d=example.org; s=arc-1; b=AbC/d+=\n\
         ARC-Authentication-Results: i=1; mx.example.org;\n       dkim=pass header.i=@other.example header.s=k header.b=x;\n\
         \x20      dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=other.example\n\
         Authentication-Results: mx.example.org;\n       dkim=pass header.i=@example.com header.s=k1 header.b=\"AbC/d+E=\";\n\
         \x20      spf=pass (example.org: domain of anna@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=anna@example.com;\n\
         \x20      dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.com;\n       dara=pass header.i=@example.org\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Google, a domain without DMARC",
        "Authentication-Results: mx.example.org;\n       dkim=pass header.i=@example.com header.s=k1 header.b=AbC;\n\
         \x20      spf=pass (example.org: domain of anna@example.com designates 2001:db8::1 as permitted sender) smtp.mailfrom=anna@example.com\n",
        Some(Dkim),
        "by the signature of example.com",
    ),
    (
        "Microsoft does not say who it is",
        "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=example.com; dkim=pass (signature was verified)\n \
         header.d=example.com;dmarc=pass action=none\n header.from=example.com;compauth=pass reason=100\n",
        None,
        "",
    ),
    (
        "Microsoft's words behind a name",
        "Authentication-Results: mx.example.org; spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=example.com; dkim=pass (signature was verified)\n \
         header.d=example.com;dmarc=pass action=none\n header.from=example.com;compauth=pass reason=100\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Microsoft's guess is no proof",
        "Authentication-Results: mx.example.org; dkim=none (message not signed)\n header.d=none;dmarc=bestguesspass action=none\n header.from=example.com\n",
        Some(Unproven),
        "dmarc=other",
    ),
    (
        "OpenDKIM and OpenDMARC below the Received of their server",
        "Received: from mail.example.com (mail.example.com [192.0.2.1])\n\tby mx.example.org (Postfix) with ESMTPS id 4F2A\n\
         Authentication-Results: mx.example.org; dmarc=pass (p=none dis=none) header.from=example.com\n\
         Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=example.com\n\
         Authentication-Results: mx.example.org;\n\tdkim=pass (2048-bit key; unprotected) header.d=example.com header.i=@example.com header.a=rsa-sha256 header.s=k1 header.b=Ab/Cd;\n\
         \tdkim-atps=neutral\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "OpenDKIM and OpenDMARC above it, for a domain without DMARC",
        "Authentication-Results: mx.example.org; dmarc=none (p=none dis=none) header.from=example.com\n\
         X-OpenDKIM: a filter\n\
         Authentication-Results: mx.example.org;\n\tdkim=pass (2048-bit key; secure) header.d=example.com header.i=anna@example.com header.b=\"Ab/Cd\"\n\
         Received: from mail.example.com by mx.example.org (Postfix) with ESMTPS id 4F2A\n",
        Some(Dkim),
        "by the signature of example.com",
    ),
    (
        "OpenDKIM with the id of the job",
        "Authentication-Results: mx.example.org/4F2A; dkim=pass header.d=example.com\n",
        None,
        "",
    ),
    (
        "OpenDKIM with a reason",
        "Authentication-Results: mx.example.org;\n\tdkim=fail reason=\"signature verification failed\" (2048-bit key) header.d=example.com header.s=k1\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "OpenDMARC says that it fails, whatever OpenDKIM says",
        "Authentication-Results: mx.example.org; dmarc=fail (p=reject dis=none) header.from=example.com\n\
         Authentication-Results: mx.example.org; dkim=pass header.d=example.com\n",
        Some(Unproven),
        "disowns",
    ),
    (
        "rspamd",
        "Authentication-Results: mx.example.org;\n\tdkim=pass header.d=example.com header.s=k1 header.b=AbCdE;\n\tdmarc=pass (policy=quarantine) header.from=example.com;\n\
         \tspf=pass (mx.example.org: domain of anna@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=anna@example.com\n\
         X-Rspamd-Server: mx\nReceived: from mail.example.com by mx.example.org\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "rspamd of mail that fails",
        "Authentication-Results: mx.example.org;\n\tdkim=none;\n\tdmarc=fail reason=\"No valid SPF, No valid DKIM\" header.from=example.com (policy=none);\n\
         \tspf=softfail (mx.example.org: 192.0.2.1 is neither permitted nor denied by domain of anna@example.com) smtp.mailfrom=anna@example.com\n",
        Some(Unproven),
        "disowns",
    ),
    (
        "rspamd of mail that it did not check",
        "Authentication-Results: mx.example.org;\n\tnone\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "Exim",
        "Authentication-Results: mx.example.org;\n\tiprev=pass (mail.example.com) smtp.remote-ip=2001:db8::1;\n\tspf=pass smtp.mailfrom=example.com;\n\
         \tdkim=pass header.d=example.com header.s=k1 header.a=rsa-sha256;\n\tdmarc=pass header.from=example.com;\n\tarc=none\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Exim, for one who logged in",
        "Authentication-Results: mx.example.org;\n\tiprev=pass (dsl.example.net) smtp.remote-ip=192.0.2.1;\n\tauth=pass (PLAIN) smtp.auth=Anna@example.com\n",
        Some(Submission),
        "logged in",
    ),
    (
        "Halon",
        "Authentication-Results: mx.example.org;\n\tspf=pass smtp.mailfrom=anna@example.com smtp.remote-ip=192.0.2.1;\n\tdkim=pass header.d=example.com header.s=k1;\n\
         \tdmarc=pass header.from=example.com\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Fastmail",
        "Received: from phl-mx-01.example.org ([10.202.2.200])\n  by phl-imap-01 with LMTPA\nARC-Seal: i=1; cv=none\n\
         Authentication-Results: mx.example.org;\n    x-csa=none;\n    x-me-sender=none;\n    x-ptr=pass smtp.helo=mail.example.com\n      policy.ptr=mail.example.com;\n\
         \x20   bimi=skipped (DMARC Policy is not at enforcement);\n    arc=none (no signatures found);\n\
         \x20   dkim=pass (2048-bit rsa key sha256) header.d=example.com\n      header.i=@example.com header.b=AbCdEf12 header.a=rsa-sha256\n      header.s=k1 x-bits=2048;\n\
         \x20   dmarc=pass policy.published-domain-policy=none\n      policy.applied-disposition=none policy.evaluated-disposition=none\n      (p=none,d=none,d.eval=none) policy.policy-from=p\n      header.from=example.com;\n\
         \x20   iprev=pass smtp.remote-ip=192.0.2.1 (mail.example.com);\n    spf=pass smtp.mailfrom=anna@example.com\n      smtp.helo=mail.example.com\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Stalwart",
        "Authentication-Results: mx.example.org;\r\n\tdkim=pass header.d=example.com header.s=k1 header.b=AbCdEf;\r\n\tdkim=none;\r\n\
         \tspf=none (mx.example.org: no SPF records found for postmaster@mail.example.com) smtp.helo=mail.example.com;\r\n\
         \tspf=pass (mx.example.org: domain of anna@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=anna@example.com;\r\n\
         \tiprev=pass policy.iprev=192.0.2.1;\r\n\tdmarc=pass header.from=example.com policy.dmarc=none\r\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Amazon",
        "Received-SPF: pass (spfCheck: domain of example.com designates 192.0.2.1 as permitted sender)\n\
         Authentication-Results: mx.example.org;\n spf=pass (spfCheck: domain of example.com designates 192.0.2.1 as permitted sender) client-ip=192.0.2.1; envelope-from=anna@example.com; helo=mail.example.com;\n \
         dkim=pass header.i=@example.com;\n dmarc=pass header.from=example.com;\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Yahoo writes no space before comments",
        "Authentication-Results: mx.example.org;\n dkim=pass header.i=@example.com header.s=k1;\n spf=pass smtp.mailfrom=example.com;\n dmarc=pass(p=REJECT) header.from=example.com;\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "Yandex calls the envelope sender smtp.mail",
        "Authentication-Results: mx.example.org; spf=pass (mx.example.org: domain of example.com designates 192.0.2.1 as permitted sender, rule=[ip4:192.0.2.0/24]) smtp.mail=anna@example.com; dkim=fail header.i=@example.com\n",
        Some(Spf),
        "(SPF)",
    ),
    (
        "two fields of one server, with a name that needs quotes",
        "Authentication-Results: \"mx.example.org\" 1; spf=none smtp.mailfrom=\"anna b\"@example.com\n\
         Authentication-Results: mx.example.org 1; dmarc=pass header.from=example.com\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "an own relay above, which says what it did not check",
        "Received: from mx.example.org by store.example.org with LMTP\nAuthentication-Results: store.example.org; none\n\
         Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nReceived: from mail.example.com by mx.example.org\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "a bounce, whose HELO name alone has SPF",
        "Authentication-Results: mx.example.org; spf=pass smtp.helo=example.com\n",
        Some(Unproven),
        "nothing that passed",
    ),
    (
        "a signature of the domain above",
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.com\nFrom: anna@sales.example.com\n",
        Some(Dkim),
        "by the signature of example.com",
    ),
    (
        "one of two signatures is broken, as mailing lists leave them",
        "Authentication-Results: mx.example.org; dkim=fail header.d=example.net header.s=k1; dkim=pass header.d=example.com header.s=k2\n",
        Some(Dkim),
        "by the signature of example.com",
    ),
    (
        "one key of the same domain is not known to the server",
        "Authentication-Results: mx.example.org; dkim=pass header.d=example.com header.s=rsa; dkim=neutral header.d=example.com header.s=ed25519\n",
        Some(Dkim),
        "by the signature of example.com",
    ),
    (
        "A-labels and letters are one domain",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=xn--bcher-kva.example\nFrom: anna@bücher.example\n",
        Some(Dmarc),
        "xn--bcher-kva.example by DMARC",
    ),
    (
        "letters in the field",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=Bücher.example\nFrom: anna@xn--bcher-kva.example\n",
        Some(Dmarc),
        "by DMARC",
    ),
    (
        "several people of one domain",
        "Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\nFrom: anna@example.com, bert@example.com\nSender: anna@example.com\n",
        Some(Dmarc),
        "by DMARC",
    ),
];

#[test]
fn a98_what_servers_write_is_read() {
    check(CASES);
}
