//! A real ssh-agent.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::{Certgate, Folder};

/// An agent that holds keys until it is dropped.
pub(crate) struct Agent {
    process: Child,
    socket: String,
}

impl Agent {
    /// An agent with its socket in the folder.
    pub(crate) fn start(folder: &Folder) -> Self {
        let socket = folder.path("agent.socket").to_str().expect("the path is plain").to_owned();
        let process = Command::new("ssh-agent")
            .args(["-D", "-a", &socket])
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("ssh-agent is installed: openssh-client");
        let agent = Self { process, socket };
        for _ in 0..500 {
            if UnixStream::connect(&agent.socket).is_ok() {
                return agent;
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("the agent does not listen after five seconds");
    }

    /// Hands a private key over; the file is gone then.
    pub(crate) fn take(&self, folder: &Folder, key: &str) {
        self.add(folder, &[key]);
        std::fs::remove_file(folder.path(key)).unwrap();
    }

    /// `ssh-add`, and it must succeed.
    #[track_caller]
    pub(crate) fn add(&self, folder: &Folder, arguments: &[&str]) {
        let add = [&["-i", "ssh-add", "-q"], arguments].concat();
        let socket = format!("SSH_AUTH_SOCK={}", self.socket);
        let path = "PATH=/usr/local/bin:/usr/bin:/bin";
        let output = folder.openssh("env", &[&[add[0], path, &socket], &add[1..]].concat());
        assert!(output.status.success(), "{output:?}");
    }

    /// The path of its socket.
    pub(crate) fn socket(&self) -> &str {
        &self.socket
    }

    /// The same run, with this agent.
    pub(crate) fn with(&self, run: Certgate) -> Certgate {
        run.variable("SSH_AUTH_SOCK", &self.socket)
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
