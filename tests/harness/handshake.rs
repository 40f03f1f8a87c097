//! A real client that meets a real server.
//!
//! The client starts `sshd -i` as its proxy command: no port, no daemon, no root, and any host name will do.

use super::Folder;

/// A meeting to be: what the server shows, and what the client goes by. Files are named from the folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handshake<'a> {
    /// The server's private key.
    pub(crate) key: &'a str,
    /// Its certificate.
    pub(crate) certificate: &'a str,
    /// What the user types.
    pub(crate) host: &'a str,
    pub(crate) port: u16,
    pub(crate) known_hosts: &'a str,
    pub(crate) krl: Option<&'a str>,
}

/// The version of the `ssh` that is installed, as `OpenSSH_9.2p1`.
pub(crate) fn client_version(folder: &Folder) -> String {
    let output = folder.openssh("ssh", &["-V"]);
    let shown = String::from_utf8(output.stderr).unwrap();
    shown.split([' ', ',']).next().unwrap().to_owned()
}

impl Handshake<'_> {
    /// What the client does, in the words of `certgate ssh verify`, and all it says meanwhile.
    #[track_caller]
    pub(crate) fn happens(&self, folder: &Folder) -> (&'static str, String) {
        let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
        let config =
            format!("HostKey {}\nHostCertificate {}\nPidFile none\n", path(self.key), path(self.certificate));
        folder.write("sshd_config", config);
        let server = [folder.without_root(), &["/usr/sbin/sshd"]].concat().join(" ");
        let line = folder.line(self.certificate);
        let kind = match line.split(' ').next().unwrap() {
            "ssh-rsa-cert-v01@openssh.com" => "rsa-sha2-512-cert-v01@openssh.com",
            kind => kind,
        };
        let mut options = vec![
            "BatchMode=yes".to_owned(),
            "PreferredAuthentications=none".to_owned(),
            "StrictHostKeyChecking=yes".to_owned(),
            "GlobalKnownHostsFile=/dev/null".to_owned(),
            format!("UserKnownHostsFile={}", path(self.known_hosts)),
            format!("HostKeyAlgorithms={kind}"),
            format!("ProxyCommand={server} -i -f {}", path("sshd_config")),
        ];
        options.extend(self.krl.map(|list| format!("RevokedHostKeys={}", path(list))));
        let port = self.port.to_string();
        let mut arguments = vec!["-v", "-F", "none", "-p", &port, "-l", "nobody"];
        arguments.extend(options.iter().flat_map(|option| ["-o", option]));
        arguments.push(self.host);
        let output = String::from_utf8_lossy(&folder.openssh("ssh", &arguments).stderr).into_owned();
        // Authentication is what comes after the host is accepted.
        let accepted = output.contains("Permission denied");
        assert!(accepted || output.contains("Host key verification failed"), "{self:?}: {output}");
        assert!(output.contains("Server host certificate"), "no certificate is shown: {self:?}: {output}");
        let is_downgraded = output.contains("Retry with plain key");
        let decision = match (accepted, output.contains("-CERT host certificate") && !is_downgraded) {
            (true, true) => "certificate",
            (true, false) => "plain-key",
            (false, _) => "refused",
        };
        (decision, output)
    }

    /// What `certgate ssh verify` says that a client of this version does: decision and step, and its exit code.
    #[track_caller]
    pub(crate) fn predicted(&self, folder: &Folder, version: &str) -> (String, String, i32) {
        let port = self.port.to_string();
        let mut arguments = vec!["verify", self.certificate, "--host", self.host, "--port", &port];
        arguments.extend([
            "--known-hosts",
            self.known_hosts,
            "--client-version",
            version,
            "--format",
            "json",
        ]);
        arguments.extend(self.krl.into_iter().flat_map(|list| ["--krl", list]));
        let run = folder.certgate(arguments).run();
        let json = run.json();
        let text = |field: &str| json[field].as_str().unwrap().to_owned();
        (text("decision"), text("step"), run.code)
    }
}
