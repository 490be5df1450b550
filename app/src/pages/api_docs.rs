//! The documentation of the interface for programs, rendered from its OpenAPI document: readable without scripts.

use axum::response::Response;
use leptos::prelude::*;
use serde_json::Value;

use crate::host::Host;
use crate::lang::{Lang, t};
use crate::page::Page;
use crate::parts::{Column, DataTable, Heading, Section};
use crate::visitor::Visitor;

/// The methods an operation may have, in the order in which they are shown.
const METHODS: &[&str] = &["get", "post"];

/// The page for an OpenAPI document.
pub fn api_docs(host: &Host, visitor: &Visitor, document: &Value) -> Response {
    let lang = visitor.lang;
    let document = document.clone();
    Page::new(host, visitor, t(lang, "api.title")).description(t(lang, "api.lead")).wide().view(move || {
        let paths = members(&document["paths"]);
        let operations = paths.iter().flat_map(|(path, item)| {
            METHODS.iter().filter(|method| item[**method].is_object()).map(|method| operation(lang, path, method, &item[*method])).collect::<Vec<_>>()
        });
        let schemas = members(&document["components"]["schemas"]);
        view! {
            <Heading title=t(lang, "api.title") lead=t(lang, "api.lead")/>
            <p>{t(lang, "api.errors")}</p>
            <p>{t(lang, "api.keys")}</p>
            <p><a href="/api/v1/openapi.json">{t(lang, "api.document")}</a></p>
            {operations.collect_view()}
            {schemas.iter().map(|(name, schema)| schema_view(lang, name, schema)).collect_view()}
        }
    })
}

fn operation(lang: Lang, path: &str, method: &str, operation: &Value) -> AnyView {
    let title = format!("{} {path}", method.to_uppercase());
    let id = text(&operation["operationId"]);
    let summary = [text(&operation["summary"]), text(&operation["description"])].join(" ");
    let parameters = items(&operation["parameters"]);
    let rows: Vec<Vec<AnyView>> = parameters
        .iter()
        .map(|parameter| {
            let needed = if parameter["required"] == true {
                t(lang, "api.required")
            } else {
                String::new()
            };
            vec![
                view! { <code>{text(&parameter["name"])}</code> }.into_any(),
                text(&parameter["in"]).into_any(),
                needed.into_any(),
                text(&parameter["description"]).into_any(),
            ]
        })
        .collect();
    let columns = move || {
        vec![
            Column::text(t(lang, "api.name")),
            Column::text(t(lang, "api.place")),
            Column::text(t(lang, "api.needed")),
            Column::text(t(lang, "api.meaning")),
        ]
    };
    let body = type_of(&operation["requestBody"]["content"]["application/json"]["schema"]);
    let answers = members(&operation["responses"]);
    view! {
        <Section title=title id=id>
            <p>{summary}</p>
            {(!rows.is_empty()).then(|| view! { <DataTable caption=t(lang, "api.parameters") columns=columns() rows empty=""/> })}
            {(!body.is_empty()).then(|| view! { <p>{t(lang, "api.body")}" "<code>{body}</code></p> })}
            <ul>
                {answers.iter().map(|(status, answer)| {
                    let form = type_of(&answer["content"]["application/json"]["schema"]);
                    view! { <li><code>{status.clone()}</code>" "{text(&answer["description"])}" "<code>{form}</code></li> }
                }).collect_view()}
            </ul>
        </Section>
    }
    .into_any()
}

fn schema_view(lang: Lang, name: &str, schema: &Value) -> AnyView {
    let parts = match schema["allOf"].as_array() {
        Some(parts) => parts.clone(),
        None => vec![schema.clone()],
    };
    let rows: Vec<Vec<AnyView>> = parts
        .iter()
        .flat_map(|part| members(&part["properties"]))
        .map(|(property, schema)| {
            vec![
                view! { <code>{property}</code> }.into_any(),
                view! { <code>{type_of(&schema)}</code> }.into_any(),
                text(&schema["description"]).into_any(),
            ]
        })
        .collect();
    let columns = vec![
        Column::text(t(lang, "api.name")),
        Column::text(t(lang, "api.type")),
        Column::text(t(lang, "api.meaning")),
    ];
    let (caption, description) = (name.to_owned(), text(&schema["description"]));
    view! {
        <Section title=name.to_owned() id=format!("schema-{name}")>
            <p>{description}</p>
            <DataTable caption columns rows empty=""/>
        </Section>
    }
    .into_any()
}

/// What a schema is, in a word: the name it refers to, its type, or both for lists.
fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        return choices
            .iter()
            .map(type_of)
            .filter(|choice| choice != "null")
            .collect::<Vec<_>>()
            .join(" | ");
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("[{}]", type_of(&schema["items"])),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn members(value: &Value) -> Vec<(String, Value)> {
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, member)| (name.clone(), member.clone()))
        .collect()
}
