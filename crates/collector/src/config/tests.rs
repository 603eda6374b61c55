//! What the options of the server become, and what they refuse.

use super::*;

#[test]
fn databases_other_than_sqlite_are_refused_without_their_password() {
    let check = |url: &str, expected: Result<&str, &str>| {
        let found = database_path(Some(url), Path::new("data"));
        let found = found
            .map(|path| path.display().to_string())
            .map_err(|error| error.to_string());
        match expected {
            Ok(path) => assert_eq!(found.as_deref(), Ok(path), "{url}"),
            Err(part) => assert!(
                found
                    .as_ref()
                    .is_err_and(|text| text.contains(part) && !text.contains("secret")),
                "{url}: {found:?}"
            ),
        }
    };
    check("sqlite:", Ok("data/candor.sqlite"));
    check("sqlite:///var/lib/candor.db", Ok("/var/lib/candor.db"));
    check("sqlite:other.db", Ok("other.db"));
    check("postgres://candor:secret@host/db", Err("PostgreSQL"));
    check("sqlite::memory:", Err("SQLite only"));
}

#[test]
fn origins_are_origins() {
    let check = |text: &str, expected: Option<&str>| assert_eq!(origin(text).ok().as_deref(), expected, "{text}");
    check("*", Some("*"));
    check("https://www.Acme.example", Some("https://www.acme.example"));
    check("https://www.acme.example:443/", Some("https://www.acme.example"));
    check("http://localhost:3000", Some("http://localhost:3000"));
    check("https://www.acme.example/path", None);
    check("www.acme.example", None);
    check("https://a.example; script-src *", None);
}

#[test]
fn the_command_line_wins_over_the_file() {
    let line = Options {
        limit: Some(5),
        ..Options::default()
    };
    let file: Options =
        toml::from_str("limit = 9\nmailbox = true\npublic-url = \"https://f.example/\"").expect("valid");
    let config = line.or(file).decide().expect("valid");
    assert_eq!(
        (config.limit, config.mailbox, config.public_url.as_deref()),
        (5, true, Some("https://f.example"))
    );
    assert!(toml::from_str::<Options>("listne = 1").is_err());
}

#[test]
fn a_proxy_is_believed_as_far_as_it_is_named() {
    let check = |trust: Option<bool>, networks: Option<&[&str]>, expected: Result<Proxies, &str>| {
        let options = Options {
            trust_proxy: trust,
            trusted_proxy: networks.map(|texts| texts.iter().map(ToString::to_string).collect()),
            ..Options::default()
        };
        let found = options
            .decide()
            .map(|config| config.proxies)
            .map_err(|error| error.to_string());
        match expected {
            Ok(proxies) => assert_eq!(found, Ok(proxies), "{trust:?} {networks:?}"),
            Err(part) => assert!(found.as_ref().is_err_and(|text| text.contains(part)), "{found:?}"),
        }
    };
    let one = || "10.0.0.0/8".parse().expect("a network");
    check(None, None, Ok(Proxies::None));
    check(Some(false), None, Ok(Proxies::None));
    check(Some(true), None, Ok(Proxies::Peer));
    check(None, Some(&["10.0.0.0/8"]), Ok(Proxies::Networks(vec![one()])));
    check(Some(true), Some(&["10.0.0.0/8"]), Ok(Proxies::Networks(vec![one()])));
    check(
        None,
        Some(&["10.0.0.1"]),
        Err("--trusted-proxy 10.0.0.1: expected a network"),
    );
}
