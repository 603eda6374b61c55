//! Settings of a target, read once into types: every fault that there is, each with its place and what to write instead.
//! Refuses an address that is not the vendor's, so that a slip of the pen sends nobody's data to a stranger. The one
//! exception are numbers of private networks: the guard admits them only where `--target-network` says so.

use serde_json::Value;
use url::{Host, Url};

use super::{
    super::{SettingFault, Settings},
    Names,
};

/// What a vendor does when the lead ended: for this purpose alone, or for the person altogether.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Stop {
    /// The account serves this one purpose: the vendor must not write at all.
    All,
    /// The account serves several: only what belongs to this purpose is taken back.
    Purpose,
}

/// Reads settings and gathers what is wrong with them.
pub(in super::super) struct Reader<'a> {
    settings: &'a Settings,
    options: Vec<&'static str>,
    secrets: Vec<&'static str>,
    faults: Vec<SettingFault>,
}

impl<'a> Reader<'a> {
    pub(in super::super) fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            options: Vec::new(),
            secrets: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub(in super::super) fn fault(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.faults.push(SettingFault::new(pointer, detail));
    }

    /// Whether the target's address is the vendor's.
    pub(in super::super) fn host(&mut self, is_vendors: impl Fn(&str, &str) -> bool, expected: &str) {
        let url = self.settings.url.clone();
        if !is_admissible(&url, is_vendors) {
            self.fault("/url", format!("expected {expected}"));
        }
    }

    /// A text that has to be there.
    pub(in super::super) fn text(&mut self, name: &'static str, fits: impl Fn(&str) -> bool, expected: &str) -> String {
        let found = self.optional(name, fits, expected);
        if found.is_none() && !self.is_given(name) {
            self.fault(pointer(name), format!("missing: {expected}"));
        }
        found.unwrap_or_default()
    }

    /// A text that may be there.
    pub(in super::super) fn optional(
        &mut self,
        name: &'static str,
        fits: impl Fn(&str) -> bool,
        expected: &str,
    ) -> Option<String> {
        self.options.push(name);
        let value = self.settings.options.get(name)?;
        let text = value.as_str().filter(|text| fits(text)).map(str::to_owned);
        if text.is_none() {
            self.fault(pointer(name), format!("expected {expected}"));
        }
        text
    }

    /// A number above zero that has to be there.
    pub(in super::super) fn number(&mut self, name: &'static str, expected: &str) -> u64 {
        let found = self.optional_number(name, expected);
        if found.is_none() && !self.is_given(name) {
            self.fault(pointer(name), format!("missing: {expected}"));
        }
        found.unwrap_or_default()
    }

    /// A number above zero that may be there.
    pub(in super::super) fn optional_number(&mut self, name: &'static str, expected: &str) -> Option<u64> {
        self.options.push(name);
        let value = self.settings.options.get(name)?;
        let number = value.as_u64().filter(|number| *number > 0);
        if number.is_none() {
            self.fault(pointer(name), format!("expected {expected}, a number"));
        }
        number
    }

    pub(in super::super) fn stop(&mut self) -> Stop {
        let fits = |text: &str| ["all", "purpose"].contains(&text);
        let said = self.optional("stop", fits, "`all` or `purpose`");
        match said.as_deref() {
            Some("purpose") => Stop::Purpose,
            _ => Stop::All,
        }
    }

    /// `fields`, an object from the form's fields to the vendor's, and the names for what Candor says itself.
    pub(in super::super) fn names(&mut self, fits: impl Fn(&str) -> bool + Copy, expected: &str) -> Names {
        self.options.push("fields");
        let mut names = Names::default();
        match self.settings.options.get("fields") {
            None => {}
            Some(Value::Object(fields)) => {
                for (field, name) in fields {
                    match name.as_str().filter(|name| fits(name)) {
                        Some(name) => names.fields.push((field.clone(), name.to_owned())),
                        None => self.fault(format!("/options/fields/{field}"), format!("expected {expected}")),
                    }
                }
            }
            Some(_) => self.fault(
                pointer("fields"),
                format!("expected an object: id of a field of the form, and {expected}"),
            ),
        }
        names.reference = self.optional("reference", fits, expected);
        names.state = self.optional("state", fits, expected);
        names.until = self.optional("until", fits, expected);
        names.record = self.optional("record", fits, expected);
        let mut all = names.all();
        all.sort_unstable();
        let twice = all
            .windows(2)
            .find(|pair| pair[0] == pair[1])
            .map(|pair| pair[0].to_owned());
        if let Some(name) = twice {
            self.fault(
                pointer("fields"),
                format!("{name} is named twice; give each value a field of its own"),
            );
        }
        names
    }

    /// A secret that has to be there.
    pub(in super::super) fn secret(&mut self, name: &'static str, expected: &str) -> String {
        let found = self.optional_secret(name);
        if found.is_none() {
            self.fault(format!("/secrets/{name}"), format!("missing: {expected}"));
        }
        found.unwrap_or_default()
    }

    /// A secret that may be there, fit for a header.
    pub(in super::super) fn optional_secret(&mut self, name: &'static str) -> Option<String> {
        self.secrets.push(name);
        let secret = self.settings.secrets.current(name)?;
        if secret.is_empty() || !secret.chars().all(|it| it.is_ascii_graphic()) {
            self.fault(
                format!("/secrets/{name}"),
                "expected printable ASCII without spaces, as the vendor shows it",
            );
        }
        Some(secret.to_owned())
    }

    /// What was read, if nothing is wrong with it and nothing is left over.
    pub(in super::super) fn finish<T>(mut self, value: T) -> Result<T, Vec<SettingFault>> {
        for name in self.settings.options.keys() {
            if !self.options.contains(&name.as_str()) {
                let known = self.options.join(", ");
                self.fault(format!("/options/{name}"), format!("unknown; there are {known}"));
            }
        }
        for name in self.settings.secrets.names() {
            if !self.secrets.contains(&name) {
                let known = self.secrets.join(", ");
                self.fault(format!("/secrets/{name}"), format!("unknown; there are {known}"));
            }
        }
        if self.faults.is_empty() {
            Ok(value)
        } else {
            Err(self.faults)
        }
    }

    fn is_given(&self, name: &str) -> bool {
        self.settings.options.contains_key(name)
    }
}

fn pointer(name: &str) -> String {
    format!("/options/{name}")
}

/// An address of the vendor, or a number of a private network.
fn is_admissible(url: &str, is_vendors: impl Fn(&str, &str) -> bool) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
        return false;
    }
    match url.host() {
        Some(Host::Domain(host)) => {
            url.scheme() == "https" && url.port().is_none() && is_vendors(host, url.path().trim_end_matches('/'))
        }
        Some(host) => is_own_machine(&host),
        None => false,
    }
}

/// A number that only the own machine or the own network can have: the guard decides whether it is admitted.
pub(in super::super) fn is_own_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(_) => false,
        Host::Ipv4(address) => address.is_loopback() || address.is_private(),
        Host::Ipv6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_vendor_and_the_own_network_are_addresses() {
        let vendors = |host: &str, path: &str| host == "api.vendor.example" && path == "/v3";
        let check = |url: &str, good: bool| assert_eq!(is_admissible(url, vendors), good, "{url}");
        check("https://api.vendor.example/v3", true);
        check("https://api.vendor.example/v3/", true);
        check("https://api.vendor.example/v4", false);
        check("https://api.vendor.example:8443/v3", false);
        check("http://api.vendor.example/v3", false);
        check("https://ada@api.vendor.example/v3", false);
        check("https://api.vendor.example/v3?to=x", false);
        check("https://api.vendor.example.evil.example/v3", false);
        check("http://127.0.0.1:9/x", true);
        check("http://10.1.2.3", true);
        check("http://[::1]:9", true);
        check("http://203.0.113.7", false);
        check("http://169.254.169.254", false);
        check("localhost", false);
    }
}
