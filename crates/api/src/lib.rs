//! The wire shapes of the certificate API: resources, ids, lists, errors, routes.
//!
//! ```
//! use certgate_api::{Create, Resource, Route, SshHostCertificate, SshHostCertificateCreate, Verb};
//!
//! let create = SshHostCertificateCreate {
//!     ssh_certificate_authority_id: "sshca_2rwwl5w69mehWeDVlbshgAxOzQS".into(),
//!     public_key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh".into(),
//!     principals: vec!["web-1.example.com".into()],
//!     ..SshHostCertificateCreate::default()
//! };
//! let route = Route::of::<SshHostCertificate>(Verb::Create);
//! assert_eq!((route.method(), route.path("").as_str(), route.success()), ("POST", "/ssh_host_certificates", 201));
//! assert!(create.to_body().bytes().ends_with(br#""principals":["web-1.example.com"]}"#));
//! ```
//!
//! In reading order: a [`Timestamp`] and an [`Id`] are what the wire has of them; a [`Resource`] is one of five, made by
//! its [`Create`] and changed by an [`Update`]; a [`Page`] is part of a list; [`Received`] is a resource with the text it
//! was read from; a [`Problem`] is what a refusal says; a [`Route`] is where a request goes; [`OPENAPI`] says all of it to
//! others.
//!
//! Reading takes what any version of the API wrote: unknown fields are passed over; texts, lists and maps may be omitted
//! or `null`. Only the id and the times must be there. Writing has the fields in the order of the API's own answers, and
//! leaves out an empty `description` and `metadata`.
//!
//! Invariants: this crate knows shapes, and nothing of certificates, keys or HTTP. A private key is shown by no
//! formatting, and wiped on drop.

mod timestamp;
mod ksuid;
mod id;
mod empty;
mod body;
mod resource;
mod update;
mod tls_certificate;
mod ssh_host_certificate;
mod ssh_user_certificate;
mod ssh_certificate_authority;
mod certificate_authority;
mod received;
mod page;
mod problem;
mod route;
mod description;

pub use body::Body;
pub use certificate_authority::{CertificateAuthority, CertificateAuthorityCreate};
pub use description::OPENAPI;
pub use id::{Id, IdError};
pub use ksuid::{KSUID_LETTERS, Ksuid};
pub use page::{Item, PAGE_ITEMS_MAX, Page};
pub use problem::Problem;
pub use received::Received;
pub use resource::{Collection, Create, Resource};
pub use route::{API_VERSION, COLLECTIONS, Route, Verb};
pub use ssh_certificate_authority::{SshCertificateAuthority, SshCertificateAuthorityCreate};
pub use ssh_host_certificate::{SshHostCertificate, SshHostCertificateCreate};
pub use ssh_user_certificate::{SshUserCertificate, SshUserCertificateCreate};
pub use timestamp::{NotATimestamp, Timestamp};
pub use tls_certificate::{SubjectAlternativeNames, TlsCertificate, TlsCertificateCreate};
pub use update::Update;

/// The id of a certificate authority for mutual TLS: `ca_…`.
pub type CertificateAuthorityId = Id<CertificateAuthority>;
/// The id of an SSH certificate authority: `sshca_…`.
pub type SshCertificateAuthorityId = Id<SshCertificateAuthority>;
/// The id of an SSH host certificate: `shcrt_…`.
pub type SshHostCertificateId = Id<SshHostCertificate>;
/// The id of an SSH user certificate: `sucrt_…`.
pub type SshUserCertificateId = Id<SshUserCertificate>;
/// The id of a TLS certificate: `cert_…`.
pub type TlsCertificateId = Id<TlsCertificate>;
