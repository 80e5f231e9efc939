//! Marks of spam filters.

use super::read;
use postern_mail::spam_mark;

/// Names, as a site would configure them.
const ALL: [&str; 9] = [
    "X-Spam-Flag",
    "X-Spam-Status",
    "X-Spam-Level",
    "X-Spam",
    "X-Spamd-Result",
    "X-Rspamd-Action",
    "X-Spam-Score",
    "X-Bogosity",
    "X-MS-Exchange-Organization-SCL",
];

fn ask(header: &str, trusted: &[&str]) -> Option<(bool, Option<i64>)> {
    let trusted: Vec<String> = trusted.iter().map(|name| (*name).to_owned()).collect();
    let mark = spam_mark(&read(header), &trusted)?;
    assert!(!mark.evidence.is_empty());
    Some((mark.marked, mark.score))
}

#[test]
fn marks_of_filters_as_they_write_them() {
    for (header, marked, score) in [
        ("X-Spam-Flag: YES\n", true, None),
        ("X-Spam-Flag: NO\n", false, None),
        (
            "X-Spam-Status: Yes, score=17.3 required=5.0 tests=BAYES_99,\n\tHTML_MESSAGE autolearn=spam version=4.0.0\n",
            true,
            Some(17_300),
        ),
        ("X-Spam-Status: No, score=-0.50\n", false, Some(-500)),
        ("X-Spam-Status: No, hits=1.2 required=5.0 tests=score=9\n", false, Some(1_200)),
        ("X-Spam-Level: *******\n", false, Some(7_000)),
        ("X-Spam-Level:\n", false, None),
        ("X-Spam: Yes\n", true, None),
        ("X-Spamd-Result: default: False [3.20 / 15.00];\n\tMID_RHS_MATCH_FROM(1.00)[];\n", false, Some(3_200)),
        ("X-Spamd-Result: default: True [17.20 / 15.00]\n", true, Some(17_200)),
        ("X-Rspamd-Action: add header\n", true, None),
        ("X-Rspamd-Action: no action\n", false, None),
        ("X-Rspamd-Action: greylist\n", false, None),
        ("X-Spam-Score: 6.1 (++++++)\n", false, Some(6_100)),
        ("X-Bogosity: Spam, tests=bogofilter, spamicity=0.999, version=1.2.5\n", true, None),
        ("X-Bogosity: Unsure, tests=bogofilter\n", false, None),
        ("X-MS-Exchange-Organization-SCL: 6\n", true, Some(6_000)),
        ("X-MS-Exchange-Organization-SCL: -1\n", false, Some(-1_000)),
    ] {
        assert_eq!(ask(header, &ALL), Some((marked, score)), "{header}");
    }
}

#[test]
fn only_names_that_the_site_trusts_count_and_of_each_the_topmost() {
    assert_eq!(ask("X-Spam-Flag: YES\n", &[]), None);
    assert_eq!(ask("X-Spam-Flag: YES\n", &["X-Spam-Status"]), None);
    assert_eq!(ask("X-Spam-Flag: NO\nReceived: by x\nX-Spam-Flag: YES\n", &["x-spam-flag", "X-Spam-Flag"]), Some((false, None)));
    assert_eq!(ask("X-Spam-Flag: NO\nX-Spam: Yes\n", &ALL), Some((true, None)));
    let names = ["X-Spam-Flag".to_owned()];
    let mark = spam_mark(&read("X-Spam-Flag: NO\nX-Spam-Flag: YES\nX-Spam-Flag: YES\n"), &names).unwrap();
    assert_eq!(mark.evidence, ["X-Spam-Flag: NO", "2 more of X-Spam-Flag below: not read"]);
}

#[test]
fn any_value_of_a_mark_is_read() {
    for value in
        ["", "   ", "é", "-", "1e9", "[", ":", "default:", "Yes\u{e9}", "score=", &"9".repeat(100_000), &"*".repeat(100_000)]
    {
        for name in ALL {
            ask(&format!("{name}: {value}\n"), &ALL);
        }
    }
}
