//! A vendor's interface as its pages document it. Each request is judged by the shape in `shapes/`, and refused as the vendor
//! refuses: an unknown operation, missing credentials, a member too many, a wrong type. What passes is acted upon, in an
//! account that lives as long as the test.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};

use candor_collector::flow::adapter::{Answer, Method, Request};
use serde_json::{Value, json};

/// What a vendor keeps, in the hands of the test too.
#[derive(Debug)]
pub(crate) struct Shared<T>(Arc<Mutex<T>>);

impl<T> Shared<T> {
    pub(crate) fn look(&self) -> MutexGuard<'_, T> {
        self.0.lock().expect("no panic")
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Default> Default for Shared<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// The one that is there.
pub(crate) fn only<K, V: Clone>(held: &BTreeMap<K, V>) -> V {
    assert_eq!(held.len(), 1);
    held.values().next().expect("one").clone()
}

/// What a vendor does with a request that has the documented shape.
pub(crate) trait Account: Send {
    fn act(&mut self, call: &Call<'_>) -> Reply;
    /// How the vendor says no.
    fn refuse(&self, refusal: &Refusal) -> Reply;
}

/// A request that has a documented shape.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a str,
    /// What stands for `{name}` in the documented path.
    pub(crate) path: BTreeMap<String, String>,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
    pub(crate) authorization: String,
}

#[derive(Debug)]
pub(crate) enum Refusal {
    NoSuchOperation,
    Unauthorized,
    /// The field and what is wrong with it.
    Invalid(String, String),
}

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn new(status: u16, body: Value) -> Self {
        let headers = Vec::new();
        Self { status, headers, body }
    }

    /// No content.
    pub(crate) fn empty() -> Self {
        Self::new(204, Value::Null)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

pub(crate) struct Double {
    shapes: Value,
    pub(crate) account: Box<dyn Account>,
    /// Answers given before the account is asked: limits, failures.
    pub(crate) first: VecDeque<Reply>,
    /// Operations that were carried out, with their bodies.
    pub(crate) log: Vec<(String, Value)>,
    /// Requests that were refused, and why: none, where an adapter keeps to the pages.
    pub(crate) refused: Vec<String>,
}

impl Double {
    pub(crate) fn new(shapes: &str, account: impl Account + 'static) -> Self {
        let shapes: Value = serde_json::from_str(shapes).expect("shapes are JSON");
        for (name, operation) in shapes["operations"].as_object().expect("operations") {
            assert!(
                operation["page"]
                    .as_str()
                    .is_some_and(|page| page.starts_with("https://")),
                "{name}"
            );
        }
        Self {
            shapes,
            account: Box::new(account),
            first: VecDeque::new(),
            log: Vec::new(),
            refused: Vec::new(),
        }
    }

    pub(crate) fn answer(&mut self, request: &Request) -> Answer {
        let reply = self.reply(request);
        let body = match &reply.body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        let headers = reply.headers.iter();
        Answer {
            status: reply.status,
            headers: headers
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            body,
        }
    }

    fn reply(&mut self, request: &Request) -> Reply {
        if let Some(reply) = self.first.pop_front() {
            return reply;
        }
        match self.judge(request) {
            Err(refusal) => {
                self.refused
                    .push(format!("{} {}: {refusal:?}", request.method.as_str(), request.path));
                self.account.refuse(&refusal)
            }
            Ok((operation, path, query, body)) => {
                let authorization = header(request, "authorization").or_else(|| header(request, "api-key"));
                let call = Call {
                    operation: &operation,
                    path,
                    query,
                    body: body.clone(),
                    authorization: authorization.unwrap_or_default(),
                };
                let reply = self.account.act(&call);
                self.log.push((operation.clone(), body));
                reply
            }
        }
    }

    #[expect(clippy::type_complexity, reason = "the four parts of a call, read once")]
    fn judge(
        &self,
        request: &Request,
    ) -> Result<(String, BTreeMap<String, String>, BTreeMap<String, String>, Value), Refusal> {
        // An absolute address of the vendor's other host is told by its path.
        let whole = match request.path.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
            None => request.path.trim_start_matches('/'),
        };
        let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
        let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        let operations = self.shapes["operations"].as_object().expect("operations");
        let found = operations.iter().find_map(|(name, shape)| {
            let is_method = shape["method"] == request.method.as_str();
            let values = matched(shape["path"].as_str().expect("a path"), path)?;
            let queried = has_query(shape, &query);
            (is_method && queried).then_some((name, shape, values))
        });
        let (name, shape, values) = found.ok_or(Refusal::NoSuchOperation)?;
        let headers = shape["headers"].as_object().into_iter().flatten();
        for (header_name, pattern) in headers {
            let given = header(request, header_name).unwrap_or_default();
            if !fits(pattern.as_str().expect("a pattern"), &given) {
                return Err(match header_name.as_str() {
                    "content-type" => Refusal::Invalid(header_name.clone(), format!("is {given:?}")),
                    _ => Refusal::Unauthorized,
                });
            }
        }
        let body = judge_body(shape, &request.body)?;
        Ok((name.clone(), values, query, body))
    }
}

fn header(request: &Request, name: &str) -> Option<String> {
    let mut named = request.headers.iter().filter(|(known, _)| known == name);
    let first = named.next().map(|(_, value)| value.clone());
    assert!(named.next().is_none(), "{name} stands twice");
    first
}

/// The values of `{name}` where the path is that of the template.
fn matched(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (template, path): (Vec<&str>, Vec<&str>) = (
        template.trim_start_matches('/').split('/').collect(),
        path.split('/').collect(),
    );
    if template.len() != path.len() {
        return None;
    }
    let mut values = BTreeMap::new();
    for (expected, given) in template.iter().zip(path) {
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !given.is_empty() => drop(values.insert(name.to_owned(), given.to_owned())),
            None if *expected == given => {}
            _ => return None,
        }
    }
    Some(values)
}

fn has_query(shape: &Value, query: &BTreeMap<String, String>) -> bool {
    let empty = serde_json::Map::new();
    let expected = shape["query"].as_object().unwrap_or(&empty);
    expected.len() == query.len()
        && expected.iter().all(|(name, pattern)| {
            query
                .get(name)
                .is_some_and(|given| fits(pattern.as_str().expect("a pattern"), given))
        })
}

/// `*` stands for one character or more.
fn fits(pattern: &str, given: &str) -> bool {
    let mut rest = given;
    let mut parts = pattern.split('*');
    let Some(after) = rest.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    rest = after;
    for part in parts {
        if rest.is_empty() {
            return false;
        }
        rest = match part {
            "" => "",
            part => match rest[1..].split_once(part) {
                Some((_, after)) => after,
                None => return false,
            },
        };
    }
    rest.is_empty()
}

fn judge_body(shape: &Value, body: &[u8]) -> Result<Value, Refusal> {
    if let Some(form) = shape["form"].as_object() {
        let given: BTreeMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        for (name, pattern) in form {
            let value = given.get(name).cloned().unwrap_or_default();
            if !fits(pattern.as_str().expect("a pattern"), &value) {
                return Err(Refusal::Invalid(name.clone(), "missing".into()));
            }
        }
        let extra = given.keys().find(|name| !form.contains_key(*name));
        return match extra {
            Some(name) => Err(Refusal::Invalid(name.clone(), "unknown".into())),
            None => Ok(json!(given)),
        };
    }
    if shape["body"].is_null() {
        return match body {
            [] => Ok(Value::Null),
            _ => Err(Refusal::Invalid("body".into(), "this operation has none".into())),
        };
    }
    let document: Value =
        serde_json::from_slice(body).map_err(|error| Refusal::Invalid("body".into(), error.to_string()))?;
    conforms(&shape["body"], &document)?;
    Ok(document)
}

/// Judges a document by a JSON Schema, formats included.
pub(crate) fn conforms(schema: &Value, document: &Value) -> Result<(), Refusal> {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("a schema");
    match validator.iter_errors(document).next() {
        None => Ok(()),
        Some(error) => {
            let pointer = error.instance_path().to_string();
            let field = pointer.rsplit('/').next().unwrap_or_default().to_owned();
            Err(Refusal::Invalid(field, error.to_string()))
        }
    }
}

/// The method as the adapter's request has it, for requests that a test makes itself.
pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Request {
    let mut request = match body {
        Value::Null => Request::bare(method, path),
        body => Request::json(method, path, body),
    };
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request
}
