//! TLS with rustls: which certificates are good enough, and what is wrong with the others, in words.

use super::stream::{Socket, Stream};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    StreamOwned,
};
use std::fmt;
use std::io;
use std::sync::Arc;

/// How to speak TLS with one server.
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl Tls {
    /// Reads the system's certificates - or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name - unless any certificate will do.
    pub(super) fn new(host: &str, any_certificate: bool) -> Result<Self, String> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| "no certificate can have this name".to_owned())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let strict = if any_certificate { None } else { Some(strict(&provider)?) };
        let judge = Judge { strict, provider: Arc::clone(&provider) };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(judge))
            .with_no_client_auth();
        Ok(Tls { config: Arc::new(config), name })
    }

    /// The handshake. What was heard before it must be nothing: see `wire`.
    pub(super) fn over(&self, mut socket: Socket) -> io::Result<Stream> {
        let mut connection = ClientConnection::new(Arc::clone(&self.config), self.name.clone()).map_err(io::Error::other)?;
        socket.begin();
        while connection.is_handshaking() {
            connection.complete_io(&mut socket)?;
        }
        Ok(Stream::Tls(Box::new(StreamOwned::new(connection, socket))))
    }
}

fn strict(provider: &Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let why = found.errors.first().map_or_else(String::new, |error| format!(" ({error})"));
        return Err(format!("this machine has no certificates of authorities{why}"));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build().map_err(|error| error.to_string())
}

/// Says whether a certificate will do.
#[derive(Debug)]
struct Judge {
    /// None: any will, and what it signs is not looked at, either. Who could stand between could sign with a key of their own as well.
    strict: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(strict) = &self.strict else { return Ok(ServerCertVerified::assertion()) };
        strict.verify_server_cert(certificate, others, name, ocsp, now).map_err(|error| match error {
            Error::InvalidCertificate(CertificateError::UnknownIssuer) if signs_itself(certificate) => {
                Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(SignsItself))))
            }
            error => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match &self.strict {
            Some(strict) => strict.verify_tls12_signature(message, certificate, signed),
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match &self.strict {
            Some(strict) => strict.verify_tls13_signature(message, certificate, signed),
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A certificate that names itself as its issuer.
#[derive(Debug)]
struct SignsItself;

impl fmt::Display for SignsItself {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("self-signed")
    }
}

impl std::error::Error for SignsItself {}

fn signs_itself(certificate: &CertificateDer<'_>) -> bool {
    webpki::EndEntityCert::try_from(certificate).is_ok_and(|certificate| certificate.issuer() == certificate.subject())
}

/// What is wrong, for people.
pub(super) fn words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(why) => format!("its certificate {}", wrong_with(why)),
        Error::InvalidMessage(_) => "what it speaks there is not TLS".to_owned(),
        other => super::reply::one_line(&format!("TLS: {other}")),
    }
}

/// Goes on after "its certificate".
fn wrong_with(why: &CertificateError) -> String {
    match why {
        CertificateError::UnknownIssuer => {
            "was signed by an authority that this machine does not trust (unknown issuer)".to_owned()
        }
        CertificateError::ExpiredContext { not_after, .. } => format!("expired on {}", day(*not_after)),
        CertificateError::Expired => "has expired".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => format!("is not valid before {}", day(*not_before)),
        CertificateError::NotValidForNameContext { expected, presented } => {
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            let names = if names.is_empty() { "any name".to_owned() } else { names.join(", ") };
            let but = if presented.is_empty() { "nor for " } else { "but for " };
            format!("is not valid for name {}, {but}{names}", expected.to_str())
        }
        CertificateError::Other(OtherError(inner)) if inner.is::<SignsItself>() => {
            "is self-signed: no authority that this machine trusts vouches for it".to_owned()
        }
        CertificateError::Other(OtherError(inner)) if inner.downcast_ref() == Some(&webpki::Error::CaUsedAsEndEntity) => {
            "is marked as an authority's own (CA:TRUE), which a server's must not be".to_owned()
        }
        other => super::reply::one_line(&format!("is no good: {other}")),
    }
}

/// `DnsName("mx.example.org")` is how rustls tells a name.
fn bare(name: &str) -> &str {
    name.split_once('(').map_or(name, |(_, rest)| rest.trim_end_matches(')').trim_matches('"'))
}

fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| "a day beyond all calendars".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn told(why: CertificateError) -> String {
        words(&Error::InvalidCertificate(why))
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_in_words() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let name = |presented: &[&str]| CertificateError::NotValidForNameContext {
            expected: ServerName::try_from("mail.example.org").unwrap(),
            presented: presented.iter().map(|name| (*name).to_owned()).collect(),
        };
        let other = |error: Arc<dyn std::error::Error + Send + Sync>| CertificateError::Other(OtherError(error));
        for (why, expected) in [
            (CertificateError::ExpiredContext { time: at(200), not_after: at(86400) }, "its certificate expired on 1970-01-02"),
            (CertificateError::ExpiredContext { time: at(0), not_after: at(u64::MAX) }, "its certificate expired on a day"),
            (
                name(&["DnsName(\"a.example\")", "DnsName(\"*.b.example\")"]),
                "is not valid for name mail.example.org, but for a.example, *.b.example",
            ),
            (name(&[]), "is not valid for name mail.example.org, nor for any name"),
            (CertificateError::UnknownIssuer, "(unknown issuer)"),
            (other(Arc::new(SignsItself)), "its certificate is self-signed"),
            (other(Arc::new(webpki::Error::CaUsedAsEndEntity)), "its certificate is marked as an authority's own (CA:TRUE)"),
        ] {
            let told = told(why);
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn a_name_that_no_certificate_has_is_told() {
        assert!(Tls::new("no name", true).is_err());
        assert!(
            Tls::new("127.0.0.1", true).is_ok() && Tls::new("::1", true).is_ok() && Tls::new("mx_1.example.org", true).is_ok()
        );
    }
}
