//! How mail leaves, as the URL `outgoing.courier` says it.
//!
//! | URL | meaning |
//! |---|---|
//! | `smtp://host` | a mail server at port 25; STARTTLS when it offers it (`tls=opportunistic`), not on the loopback |
//! | `smtp://user:password@host` | submission at port 587 with login; only over TLS (`tls=required`), on the loopback without |
//! | `smtp://host?tls=none` | `tls` is `none`, `opportunistic` or `required` |
//! | `smtps://host` | TLS from the first octet, port 465 |
//! | `sendmail:/usr/sbin/sendmail` | a local program |
//! | `directory:PATH` | one .eml file a mail: for trying things out |
//!
//! `@`, `:`, `/`, `?` and `%` in a user or password are written as `%40` and so on.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::nearest;

/// A way of sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CourierUrl {
    /// A mail server, in the clear or with STARTTLS.
    Smtp {
        /// Host name or IP address, the latter without brackets.
        host: String,
        /// Port.
        port: u16,
        /// STARTTLS.
        tls: Tls,
        /// Login, if the server wants one.
        credentials: Option<Credentials>,
    },
    /// A mail server with TLS from the first octet.
    Smtps {
        /// Host name or IP address, the latter without brackets.
        host: String,
        /// Port.
        port: u16,
        /// Login, if the server wants one.
        credentials: Option<Credentials>,
    },
    /// A program that takes a mail on standard input.
    Sendmail {
        /// The program.
        path: PathBuf,
    },
    /// One file a mail.
    Directory {
        /// The directory.
        path: PathBuf,
    },
}

/// Whether STARTTLS is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Never.
    None,
    /// When the server offers it.
    Opportunistic,
    /// Always; without it nothing is sent.
    Required,
}

/// Who we are to a mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User.
    pub user: String,
    /// Password, or where it is.
    pub secret: Secret,
}

/// A password, or the file that holds it. A file is read when mail is sent and not before: the gate needs no password and
/// may run as a user who must not read it.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// The password itself.
    Password(String),
    /// The file whose first line is the password.
    File(PathBuf),
}

impl Credentials {
    /// The password.
    ///
    /// # Errors
    /// When it is in a file that cannot be read or is empty.
    pub fn password(&self) -> io::Result<String> {
        let file = match &self.secret {
            Secret::Password(password) => return Ok(password.clone()),
            Secret::File(file) => file,
        };
        let named = |error: io::Error| io::Error::new(error.kind(), format!("password file {}: {error}", file.display()));
        let text = std::fs::read_to_string(file).map_err(named)?;
        match text.lines().next() {
            Some(line) if !line.is_empty() => Ok(line.to_owned()),
            _ => Err(named(io::Error::new(io::ErrorKind::InvalidData, "it is empty"))),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).field("secret", &self.secret).finish()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secret::Password(_) => f.write_str("(hidden)"),
            Secret::File(file) => write!(f, "in {}", file.display()),
        }
    }
}

impl fmt::Display for CourierUrl {
    /// The URL for people to read: without a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, host, port, credentials) = match self {
            CourierUrl::Sendmail { path } => return write!(f, "sendmail:{}", path.display()),
            CourierUrl::Directory { path } => return write!(f, "directory:{}", path.display()),
            CourierUrl::Smtp { host, port, credentials, .. } => ("smtp", host, port, credentials),
            CourierUrl::Smtps { host, port, credentials } => ("smtps", host, port, credentials),
        };
        write!(f, "{scheme}://")?;
        if let Some(credentials) = credentials {
            write!(f, "{}@", credentials.user)?;
        }
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// What is wrong with a courier, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadCourier {
    pub(crate) wrong: String,
    pub(crate) cure: String,
}

fn bad<T>(wrong: impl Into<String>, cure: impl Into<String>) -> Result<T, BadCourier> {
    Err(BadCourier { wrong: wrong.into(), cure: cure.into() })
}

const EXAMPLE: &str = "write it like \"smtp://mail.example.org\"";
const SCHEMES: [&str; 4] = ["smtp", "smtps", "sendmail", "directory"];

impl CourierUrl {
    /// Reads a URL. Relative paths are relative to `base`; `password_file` takes the place of a password in the URL.
    pub(crate) fn parse(url: &str, base: &Path, password_file: Option<PathBuf>) -> Result<CourierUrl, BadCourier> {
        let Some((scheme, rest)) = url.split_once(':') else {
            return bad(format!("{url:?} is no URL"), EXAMPLE);
        };
        match scheme {
            "smtp" | "smtps" => server(scheme, rest, password_file),
            "sendmail" => Ok(CourierUrl::Sendmail { path: path(rest, base, "sendmail:/usr/sbin/sendmail")? }),
            "directory" => Ok(CourierUrl::Directory { path: path(rest, base, "directory:outgoing")? }),
            other => {
                let cure = match nearest(other, SCHEMES) {
                    Some(near) => format!("did you mean '{near}'?"),
                    None => "known are smtp://HOST, smtps://HOST, sendmail:PATH and directory:PATH".to_owned(),
                };
                bad(format!("'{other}' is no way of sending"), cure)
            }
        }
    }

    /// Reads a URL that somebody gave for once. Relative paths are relative to `base`.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    pub fn read(url: &str, base: &Path) -> Result<CourierUrl, String> {
        CourierUrl::parse(url, base, None).map_err(|wrong| format!("{}; {}", wrong.wrong, wrong.cure))
    }

    /// The login, where there is one.
    pub fn credentials(&self) -> Option<&Credentials> {
        match self {
            CourierUrl::Smtp { credentials, .. } | CourierUrl::Smtps { credentials, .. } => credentials.as_ref(),
            _ => None,
        }
    }
}

/// A path after a scheme, also in the form `//` + absolute path. Two slashes and a name would be a host: refused.
pub(super) fn path(rest: &str, base: &Path, example: &str) -> Result<PathBuf, BadCourier> {
    let plain = match rest.strip_prefix("//") {
        Some(absolute) if absolute.starts_with('/') => absolute,
        Some(_) => return bad("after // a host would stand, and there is none here", format!("write it like \"{example}\"")),
        None => rest,
    };
    if plain.is_empty() {
        return bad("the path is missing", format!("write it like \"{example}\""));
    }
    Ok(base.join(plain))
}

fn server(scheme: &str, rest: &str, password_file: Option<PathBuf>) -> Result<CourierUrl, BadCourier> {
    let Some(rest) = rest.strip_prefix("//") else {
        return bad(format!("// is missing after '{scheme}:'"), EXAMPLE);
    };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let place = place.strip_suffix('/').unwrap_or(place);
    let (login, host_port) = place.rsplit_once('@').map_or((None, place), |(login, host)| (Some(login), host));
    let credentials = login.map(|login| read_login(login, password_file)).transpose()?;
    let (host, port) = host_and_port(host_port)?;
    let tls = query.map(read_tls).transpose()?;
    if scheme == "smtps" {
        if tls.is_some() {
            return bad("smtps is TLS always; 'tls' has no meaning there", "leave ?tls= out, or use smtp://");
        }
        return Ok(CourierUrl::Smtps { host, port: port.unwrap_or(465), credentials });
    }
    let tls = tls.unwrap_or(match (is_loopback(&host), &credentials) {
        (true, _) => Tls::None,
        (false, Some(_)) => Tls::Required,
        (false, None) => Tls::Opportunistic,
    });
    let port = port.unwrap_or(if credentials.is_some() { 587 } else { 25 });
    Ok(CourierUrl::Smtp { host, port, tls, credentials })
}

fn read_login(login: &str, password_file: Option<PathBuf>) -> Result<Credentials, BadCourier> {
    let decode = |text: &str| match percent_decode_str(text).decode_utf8() {
        Ok(text) if !text.chars().any(char::is_control) => Ok(text.into_owned()),
        _ => bad("the user or password is not UTF-8 text once its %XX are read", "write % itself as %25"),
    };
    let (user, password) = login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
    let user = decode(user)?;
    let secret = match (password, password_file) {
        _ if user.is_empty() => return bad("no user stands before the @", "write it like \"smtp://user:password@host\""),
        (Some(_), Some(_)) => return bad("there is a password here and a password_file too", "keep one of them"),
        (Some(""), None) | (None, None) => {
            return bad(format!("user {user:?} has no password"), "set password_file under [outgoing], or write user:password@");
        }
        (Some(password), None) => Secret::Password(decode(password)?),
        (None, Some(file)) => Secret::File(file),
    };
    Ok(Credentials { user, secret })
}

fn host_and_port(text: &str) -> Result<(String, Option<u16>), BadCourier> {
    let (host, port) = match text.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, rest)) => (host, Some(rest.strip_prefix(':').unwrap_or(rest))),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_host = if text.starts_with('[') { host.parse::<std::net::Ipv6Addr>().is_ok() } else { host.chars().all(plain) };
    if host.is_empty() {
        return bad("the host is missing", EXAMPLE);
    }
    if !is_host {
        return bad(format!("{host:?} is no host"), EXAMPLE);
    }
    match port.map(str::parse::<u16>) {
        None => Ok((host.to_owned(), None)),
        Some(Ok(port)) if port > 0 => Ok((host.to_owned(), Some(port))),
        // Not shown: it may be a password whose @ and host were forgotten.
        Some(_) => bad("what follows the host is no port", "write it like \"smtp://mail.example.org:25\""),
    }
}

fn read_tls(query: &str) -> Result<Tls, BadCourier> {
    let cure = "write ?tls=none, ?tls=opportunistic or ?tls=required";
    match query.split_once('=') {
        Some(("tls", "none")) => Ok(Tls::None),
        Some(("tls", "opportunistic")) => Ok(Tls::Opportunistic),
        Some(("tls", "required")) => Ok(Tls::Required),
        // Not shown: it may be the rest of a password with a bare '?'.
        _ => bad("what follows the ? is not known", cure),
    }
}

/// Whether a host is this machine: there is nobody to listen on the way.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
