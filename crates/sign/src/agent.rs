//! A client for ssh-agent (RFC 9987): lists keys, and signs with one that never enters this process.

mod connection;
mod identity;
mod message;

use std::io::{Read, Write};
use std::sync::{Mutex, PoisonError};

use certgate_facts::{SshPublicKey, SshSignature, SshSignatureAlgorithm};

pub use self::connection::AGENT_REPLY_BYTES_MAX;
use self::connection::Connection;
pub use self::identity::AgentIdentity;
pub use self::message::AGENT_IDENTITIES_MAX;
use crate::error::Error;
use crate::signer::{Signer, algorithm_of_authority};

/// An agent at the other end of a stream: a Unix socket, as a rule the one that `SSH_AUTH_SOCK` names.
///
/// Whoever connects the stream sets its timeouts, with an agent in mind that asks its user before it signs.
pub struct Agent<S> {
    connection: Mutex<Connection<S>>,
}

/// An authority whose private key an agent holds, perhaps in a hardware token, perhaps for a limited time, perhaps
/// asking before each use (`ssh-add -c`, `-t`).
///
/// A signature is handed on only if it is of the algorithm asked for and the key made it over the very bytes sent.
/// Keys that are constrained to destinations do not sign certificates: the agent refuses.
pub struct AgentAuthority<S> {
    agent: Agent<S>,
    algorithm: SshSignatureAlgorithm,
    public_key: SshPublicKey,
}

impl<S: Read + Write> Agent<S> {
    /// An agent over a stream that is connected.
    pub const fn over(stream: S) -> Self {
        Self { connection: Mutex::new(Connection::over(stream)) }
    }

    /// What the agent holds, in its order: plain keys, certificates of any validity, keys of types not known here.
    ///
    /// # Errors
    ///
    /// - [`Error::AgentRefused`] if it does not list. (One that is locked lists nothing instead.)
    /// - [`Error::AgentReplyMalformed`], [`Error::AgentReplyTooLong`] for what is no list, or one of more than
    ///   [`AGENT_IDENTITIES_MAX`] entries or [`AGENT_REPLY_BYTES_MAX`] bytes.
    /// - [`Error::AgentUnreachable`], [`Error::AgentDisconnected`] for a stream that fails, or has failed before.
    pub fn identities(&self) -> Result<Vec<AgentIdentity>, Error> {
        self.ask(&message::request_identities(), message::read_identities)
    }

    /// The authority of this key, if the agent holds it and it can sign as one.
    ///
    /// # Errors
    ///
    /// Those of [`Agent::identities`], and
    /// - [`Error::AgentHoldsNoSuchKey`] if it is not among them.
    /// - [`Error::AuthorityKeyTooSmall`], [`Error::AuthorityKeyUnsupported`] for a key that does not sign here.
    pub fn authority(self, public_key: &SshPublicKey) -> Result<AgentAuthority<S>, Error> {
        let algorithm = algorithm_of_authority(public_key)?;
        if !self.identities()?.iter().any(|identity| identity.blob() == public_key.blob()) {
            return Err(Error::AgentHoldsNoSuchKey { fingerprint: public_key.fingerprint() });
        }
        Ok(AgentAuthority { agent: self, algorithm, public_key: public_key.clone() })
    }

    /// Sends a request, and has the reply read; a reply that does not read ends the conversation.
    fn ask<T>(&self, request: &[u8], read: fn(&[u8]) -> Result<T, Error>) -> Result<T, Error> {
        // A thread that panicked left the stream in the middle of nothing worse than the connection itself notices.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.ask(request, read)
    }
}

impl<S: Read + Write> Signer for AgentAuthority<S> {
    fn public_key(&self) -> &SshPublicKey {
        &self.public_key
    }

    /// Has the agent sign, and verifies what it returns.
    ///
    /// # Errors
    ///
    /// - [`Error::AgentRefused`] if it does not sign: the key is gone, constrained, or its user said no.
    /// - [`Error::AgentReplyMalformed`], [`Error::AgentReplyTooLong`], [`Error::AgentUnreachable`],
    ///   [`Error::AgentDisconnected`] as for [`Agent::identities`].
    /// - [`Error::Signature`] for another algorithm than asked for (agents that do not know the flag for
    ///   `rsa-sha2-512` sign with SHA-1), and for what the key did not make.
    fn sign(&self, message: &[u8]) -> Result<SshSignature, Error> {
        let request = message::sign_request(self.public_key.blob(), message, self.algorithm);
        let blob = self.agent.ask(&request, message::read_signature)?;
        let signature = SshSignature::read(&blob)?;
        signature.require_algorithm(self.algorithm)?;
        signature.verify(&self.public_key, message)?;
        Ok(signature)
    }
}
