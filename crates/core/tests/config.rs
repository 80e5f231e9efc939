//! `postern.toml` and `site.toml`: every mistake is one line that names file, line, key and cure.
//!
//! Each directory of tests/bad-config is one bad configuration: `postern.toml` or `site.toml`, and in `expected` the line that
//! it gives, with the directory written as DIR. To add a case, add a directory.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postern_core::config::{Config, ConfigError, CourierUrl, Credentials, DEFAULT_PATH, Gateway, Secret, Tls};
use postern_core::site;

fn bad_configurations() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/bad-config")
}

/// Reads whatever is in the directory, as the programs would.
fn mistake(directory: &Path) -> Option<ConfigError> {
    let (machine, organisation) = (directory.join("postern.toml"), directory.join("site.toml"));
    let first = machine.exists().then(|| Config::load(Some(&machine)).err()).flatten();
    first.or_else(|| organisation.exists().then(|| site::read(&organisation).err()).flatten())
}

#[test]
fn every_mistake_is_one_line_with_file_line_key_and_cure() {
    let mut cases: Vec<PathBuf> = fs::read_dir(bad_configurations()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 30, "only {} cases", cases.len());
    let mut wrong = String::new();
    for directory in cases {
        let expected = fs::read_to_string(directory.join("expected")).unwrap_or_default();
        let found = match mistake(&directory) {
            Some(error) => error.to_string().replace(&directory.display().to_string(), "DIR"),
            None => "(no mistake was found)".to_owned(),
        };
        assert!(!found.contains('\n'), "{found}");
        if expected.trim_end() != found {
            wrong.push_str(&format!("{}\n  expected {}\n  found    {found}\n", directory.display(), expected.trim_end()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn config(text: &str) -> Result<Config, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    fs::write(&file, text).unwrap();
    Config::read(&file)
}

fn courier(url: &str) -> CourierUrl {
    config(&format!("[site]\nname = \"example.org\"\n[outgoing]\ncourier = \"{url}\"\n")).unwrap().courier
}

#[test]
fn little_is_enough() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    fs::write(&file, "[site]\nname = \"example.org\"\n").unwrap();
    let config = Config::load(Some(&file)).unwrap();
    assert_eq!(config.site_name, "example.org");
    assert_eq!(config.database, directory.path().join("postern.db"));
    assert_eq!(config.courier, CourierUrl::Directory { path: directory.path().join("outgoing") });
    assert_eq!(config.gateway, Gateway::default());
    assert_eq!(config.gateway.timeout, Duration::from_secs(60));
    assert_eq!(config.gateway.max_message_size, 100 * 1024 * 1024);
    assert_eq!(config.directory(), directory.path());
    assert_eq!(config.from_address(None), None);
    assert_eq!(config.bounce_address(Some("support@example.org")), Some("support@example.org"));
}

#[test]
fn everything_that_can_be_said() {
    let config = config(
        r#"
        [site]
        name = "Example"
        [database]
        url = "sqlite:/var/lib/postern/postern.db"
        [outgoing]
        courier = "smtp://postern@mail.example.org:2525?tls=opportunistic"
        password_file = "/etc/postern/password"
        from = "Support@Example.org"
        bounce = "bounces@example.org"
        [gateway]
        queue = "support"
        authoritative = true
        timeout = "2m"
        max_message_size = "30 MB"
        "#,
    )
    .unwrap();
    assert_eq!(config.database, Path::new("/var/lib/postern/postern.db"));
    let secret = Secret::File("/etc/postern/password".into());
    let credentials = Some(Credentials { user: "postern".to_owned(), secret });
    let tls = Tls::Opportunistic;
    assert_eq!(config.courier, CourierUrl::Smtp { host: "mail.example.org".to_owned(), port: 2525, tls, credentials });
    assert_eq!(config.from_address(Some("noc@example.org")), Some("support@example.org"));
    assert_eq!(config.bounce_address(None), Some("bounces@example.org"));
    let gateway = Gateway {
        queue: Some("support".to_owned()),
        authoritative: true,
        timeout: Duration::from_secs(120),
        max_message_size: 30 << 20,
    };
    assert_eq!(config.gateway, gateway);
}

#[test]
fn couriers() {
    let smtp = |host: &str, port, tls| CourierUrl::Smtp { host: host.to_owned(), port, tls, credentials: None };
    assert_eq!(courier("smtp://mail.example.org"), smtp("mail.example.org", 25, Tls::Opportunistic));
    assert_eq!(courier("smtp://mail.example.org:2525/"), smtp("mail.example.org", 2525, Tls::Opportunistic));
    assert_eq!(courier("smtp://mail.example.org?tls=none"), smtp("mail.example.org", 25, Tls::None));
    assert_eq!(courier("smtp://mail.example.org?tls=required"), smtp("mail.example.org", 25, Tls::Required));
    // Nobody listens on the way to this machine, and its certificate is seldom good.
    assert_eq!(courier("smtp://localhost"), smtp("localhost", 25, Tls::None));
    assert_eq!(courier("smtp://127.0.0.1:10025"), smtp("127.0.0.1", 10025, Tls::None));
    assert_eq!(courier("smtp://[::1]:10025"), smtp("::1", 10025, Tls::None));
    assert_eq!(courier("smtp://localhost?tls=required"), smtp("localhost", 25, Tls::Required));
    assert_eq!(courier("sendmail:/usr/sbin/sendmail"), CourierUrl::Sendmail { path: "/usr/sbin/sendmail".into() });
    assert_eq!(courier("directory:/var/out"), CourierUrl::Directory { path: "/var/out".into() });
    assert_eq!(courier("directory:///var/out"), CourierUrl::Directory { path: "/var/out".into() });
}

#[test]
fn a_password_is_decoded_and_goes_over_tls_only() {
    let CourierUrl::Smtp { port, tls, credentials, .. } =
        courier("smtp://anna%40example.org:p%40ss%3A%2f%3f%25@mail.example.org")
    else {
        panic!("no smtp courier")
    };
    assert_eq!((port, tls), (587, Tls::Required));
    let credentials = credentials.unwrap();
    assert_eq!(credentials.user, "anna@example.org");
    assert_eq!(credentials.password().unwrap(), "p@ss:/?%");
    let CourierUrl::Smtps { host, port, credentials } = courier("smtps://anna:secret@mail.example.org") else {
        panic!("no smtps courier")
    };
    assert_eq!((host.as_str(), port, credentials.is_some()), ("mail.example.org", 465, true));
}

#[test]
fn a_password_is_never_shown() {
    let config = config("[site]\nname = \"x\"\n[outgoing]\ncourier = \"smtp://anna:hunter2@mail.example.org\"\n").unwrap();
    let shown = format!("{config:?} {config:#?} {}", config.courier);
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("anna"));
    // Nor in a mistake: what the gate says on standard error may come to stand in a bounce.
    let broken = [
        "smtp//anna:hunter2@mail",
        "smtp://anna:hunter2",
        "smtp://anna:x?hunter2@mail",
        "smtp://anna:hunter2@",
        "anna:hunter2@mail",
    ];
    for url in broken {
        let error = self::config(&format!("[site]\nname = \"x\"\n[outgoing]\ncourier = \"{url}\"\n")).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn a_password_file_is_read_when_mail_is_sent() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("postern.toml");
    fs::write(
        &file,
        "[site]\nname = \"x\"\n[outgoing]\ncourier = \"smtps://anna@mail.example.org\"\npassword_file = \"secret\"\n",
    )
    .unwrap();
    let config = Config::read(&file).unwrap();
    let credentials = config.courier.credentials().unwrap();
    let missing = credentials.password().unwrap_err().to_string();
    assert!(missing.contains("secret"), "{missing}");
    fs::write(directory.path().join("secret"), "hunter2\n").unwrap();
    assert_eq!(credentials.password().unwrap(), "hunter2");
    fs::write(directory.path().join("secret"), "\n").unwrap();
    assert!(credentials.password().is_err());
}

#[test]
fn a_file_that_was_named_and_is_not_there_is_no_other_file() {
    let error = Config::load(Some(Path::new("/nowhere/postern.toml"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no configuration: --config /nowhere/postern.toml is not there; run 'postern init' to make one, or name yours with --config FILE"
    );
}

#[test]
fn without_any_file_every_place_is_named() {
    if std::env::var_os("POSTERN_CONFIG").is_some() || Path::new(DEFAULT_PATH).exists() {
        // This machine has a configuration, which is then the right answer.
        return;
    }
    let error = Config::load(None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no configuration: --config is not given, $POSTERN_CONFIG is not given, /etc/postern/postern.toml is not there; \
         run 'postern init' to make one, or name yours with --config FILE"
    );
}

#[test]
fn the_samples_are_good() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
    let config = Config::read(&samples.join("postern.toml")).unwrap();
    assert_eq!(config.site_name, "example.org");
    let site = site::read(&samples.join("site.toml")).unwrap();
    assert_eq!(site.queues.len(), 1);
    assert_eq!(site.queues[0].admincc, ["anna"]);
}
