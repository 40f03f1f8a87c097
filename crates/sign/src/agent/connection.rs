//! Requests and replies over a stream: each a length and that many bytes (RFC 9987).

use std::io::{self, Read, Write};

use crate::error::Error;

/// Most bytes of a reply, as OpenSSH has it.
pub const AGENT_REPLY_BYTES_MAX: u32 = 256 * 1024;

/// One conversation.
pub(super) struct Connection<S> {
    stream: S,
    is_broken: bool,
}

impl<S> Connection<S> {
    pub(super) const fn over(stream: S) -> Self {
        Self { stream, is_broken: false }
    }
}

impl<S: Read + Write> Connection<S> {
    /// Sends a request and reads the reply to it. After anything but a reply in good order the stream may be anywhere,
    /// so nothing more is sent.
    pub(super) fn ask<T>(
        &mut self,
        request: &[u8],
        read: impl FnOnce(&[u8]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.is_broken {
            return Err(Error::AgentDisconnected);
        }
        self.is_broken = true;
        let reply = self.exchange(request)?;
        let result = read(&reply);
        self.is_broken = !matches!(result, Ok(_) | Err(Error::AgentRefused));
        result
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Error> {
        self.stream.write_all(request).and_then(|()| self.stream.flush()).map_err(Error::AgentUnreachable)?;
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).map_err(Error::AgentUnreachable)?;
        let length = u32::from_be_bytes(length);
        if length > AGENT_REPLY_BYTES_MAX {
            return Err(Error::AgentReplyTooLong { bytes: length });
        }
        // Grows with what arrives, not with what was announced.
        let mut reply = Vec::new();
        Read::by_ref(&mut self.stream)
            .take(u64::from(length))
            .read_to_end(&mut reply)
            .map_err(Error::AgentUnreachable)?;
        if u32::try_from(reply.len()) != Ok(length) {
            return Err(Error::AgentUnreachable(io::ErrorKind::UnexpectedEof.into()));
        }
        Ok(reply)
    }
}
