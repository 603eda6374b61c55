//! `/mailbox`, with `--mailbox` only: shows the letters in `DATA/outbox` to anybody who asks. For demonstrations.
//! Refuses to show a letter's HTML: its text part is printed, with its links. `/mailbox/recorded/{id}` leads to the receipt.

use std::{fs, path::Path as FilePath};

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use mail_parser::MessageParser;
use uuid::Uuid;

use super::{error::ApiError, page};
use crate::{
    app::App,
    catalog::Words,
    dates::moment,
    links::{LinkKind, LinkTarget},
    pages::{Letter, Mailbox},
};

/// Letters on the page, newest first.
const MAX_LETTERS: usize = 20;

/// A part of a letter between empty lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    List(Vec<String>),
    Paragraph(Vec<Part>),
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Line,
    Link(String),
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    let words = Words::accepted(&headers);
    let folder = app.config.data.join("outbox");
    let letters = tokio::task::spawn_blocking(move || letters(&folder, words))
        .await
        .map_err(|_| ApiError::Internal)?;
    Ok(page::answer(StatusCode::OK, &Mailbox { words, letters }))
}

/// To the page "what was just recorded".
pub async fn recorded(State(app): State<App>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = Uuid::parse_str(&id).map_err(|_| ApiError::NotFound)?;
    app.store.submission(id).await?.ok_or(ApiError::NotFound)?;
    let target = LinkTarget {
        kind: LinkKind::Receipt,
        subject: id,
        counter: 0,
    };
    let location = format!("/r/{id}?token={}", app.keys.current().links.token(target));
    let location = HeaderValue::from_str(&location).map_err(|_| ApiError::Internal)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

fn letters(folder: &FilePath, words: Words) -> Vec<Letter> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<_> = entries
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    files.sort();
    files
        .iter()
        .rev()
        .take(MAX_LETTERS)
        .filter_map(|path| letter(path, words))
        .collect()
}

fn letter(path: &FilePath, words: Words) -> Option<Letter> {
    let bytes = fs::read(path).ok()?;
    let message = MessageParser::default().parse(&bytes)?;
    let address = |address: Option<&mail_parser::Address<'_>>| {
        let first = address.and_then(|address| address.first());
        first.map(|first| match (first.name(), first.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (_, address) => address.unwrap_or_default().to_owned(),
        })
    };
    let date = message
        .date()
        .and_then(|date| Timestamp::from_second(date.to_timestamp()).ok());
    // `00000001-<record id>.eml`
    let record = path
        .file_stem()?
        .to_str()?
        .split_once('-')
        .and_then(|(_, id)| Uuid::parse_str(id).ok());
    Some(Letter {
        subject: message.subject().unwrap_or_default().to_owned(),
        from: address(message.from()).unwrap_or_default(),
        to: address(message.to()).unwrap_or_default(),
        date: date.map(|date| moment(words, date)).unwrap_or_default(),
        blocks: blocks(&message.body_text(0).unwrap_or_default()),
        recorded: record.map(|id| format!("/mailbox/recorded/{id}")),
    })
}

fn blocks(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n");
    let mut blocks = Vec::new();
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        match (block.strip_prefix("- "), heading(block)) {
            (Some(item), _) => match blocks.last_mut() {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            },
            (None, Some(heading)) => blocks.push(Block::Heading(heading.to_owned())),
            (None, None) => blocks.extend(
                Some(parts(block))
                    .filter(|parts| !parts.is_empty())
                    .map(Block::Paragraph),
            ),
        }
    }
    blocks
}

/// A rule with one line below it begins a section.
fn heading(block: &str) -> Option<&str> {
    let (rule, line) = block.split_once('\n')?;
    (rule.starts_with("-----") && !line.contains('\n')).then_some(line)
}

fn parts(block: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for (number, line) in block.lines().filter(|line| !line.starts_with("-----")).enumerate() {
        if number > 0 {
            parts.push(Part::Line);
        }
        let is_link =
            (line.starts_with("http://") || line.starts_with("https://")) && !line.contains(char::is_whitespace);
        parts.push(if is_link {
            Part::Link(line.to_owned())
        } else {
            Part::Text(line.to_owned())
        });
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_blocks() {
        let found = blocks(
            "Hello,\r\n\r\nDownload:\r\nhttp://a.example/d/x\r\n\r\n-----------\r\nApart\r\n\r\n- one\r\n\r\n- two\r\n\r\nUntil.\r\n-----------\r\n\r\nfoot",
        );
        let paragraph = |text: &str| Block::Paragraph(vec![Part::Text(text.into())]);
        let expected = vec![
            paragraph("Hello,"),
            Block::Paragraph(vec![
                Part::Text("Download:".into()),
                Part::Line,
                Part::Link("http://a.example/d/x".into()),
            ]),
            Block::Heading("Apart".into()),
            Block::List(vec!["one".into(), "two".into()]),
            paragraph("Until."),
            paragraph("foot"),
        ];
        assert_eq!(found, expected);
    }
}
