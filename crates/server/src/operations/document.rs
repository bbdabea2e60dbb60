//! The OpenAPI document of the operations.

use std::collections::BTreeMap;

use atrium_domain::wire::ValidationErrors;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, HttpMethod, InfoBuilder, OpenApi, Paths, Ref, RefOr, Required, Response, Type,
};

use super::describe::Sketch;
use super::need::Need;
use crate::error::ErrorBody;
use crate::request::idempotency;

/// The scheme of access tokens.
const BEARER: &str = "Bearer Auth";
/// The scheme of API keys.
const API_KEY: &str = "API Key";

/// The document while operations are added.
#[derive(Default)]
pub struct Document {
    paths: Paths,
    subjects: Vec<&'static str>,
    schemas: BTreeMap<String, RefOr<Schema>>,
}

impl Document {
    /// Begins a subject.
    pub fn subject(&mut self, name: &'static str) {
        self.subjects.push(name);
    }

    /// Adds an operation.
    pub fn operation(
        &mut self,
        method: HttpMethod,
        path: &'static str,
        need: &Need,
        summary: &'static str,
        sketch: Sketch,
    ) {
        let places = places(path);
        let reads = sketch.body.is_some();
        let mut named = sketch.named;
        if let Need::Place(_) = need {
            named.extend(["X-Tenant-Id", "X-Organization-Id"]);
        }
        let takes = reads
            || !named.is_empty()
            || !places.is_empty()
            || !sketch.query.is_empty()
            || need.header().is_some();
        let parameters: Vec<Parameter> = places
            .iter()
            .map(|name| id(name, ParameterIn::Path, Required::True, None))
            .chain(need.header().map(|name| place(name, Required::True)))
            .chain(named.iter().map(|name| place(name, Required::False)))
            .chain(repeatable(&method, path).then(key))
            .chain(sketch.headers)
            .chain(sketch.query)
            .collect();
        let mut operation = OperationBuilder::new()
            .operation_id(Some(operation_id(&method, path)))
            .summary(Some(summary))
            .description(Some(need.sentence()))
            .parameters(Some(parameters))
            .request_body(sketch.body)
            .extensions(Some(ExtensionsBuilder::new().add("x-needs", need.word()).build()))
            .response("200", sketch.answer.description("Done."));
        if let Some(subject) = self.subjects.last() {
            operation = operation.tag(*subject);
        }
        if *need != Need::Nobody {
            operation = operation.security(SecurityRequirement::new(BEARER, Vec::<String>::new()));
            if *need != Need::SignedIn {
                operation = operation.security(SecurityRequirement::new(API_KEY, Vec::<String>::new()));
            }
            operation = operation
                .response("401", refusal("Nobody is signed in, or the session or API key has ended."));
            operation = operation.response(
                "403",
                refusal("The caller may not do this, or the place does not exist for the caller."),
            );
        }
        if !places.is_empty() {
            operation = operation.response("404", refusal("There is no such thing for the caller."));
        }
        for (status, sentence) in sketch.refusals {
            operation = operation.response(status, refusal(sentence));
        }
        if reads {
            operation = operation.response("413", refusal("The body is longer than 1 MiB."));
        }
        if takes {
            let schema = RefOr::Ref(Ref::from_schema_name(ValidationErrors::name()));
            operation = operation.response("422", failure("A field is not of its form.", schema));
        }
        operation = operation.response(
            "default",
            refusal("Any other refusal or failure: it does not fit what is there (409), too often (429), …"),
        );
        self.paths.add_path_operation(path, vec![method], operation);
        self.schemas.extend(sketch.schemas);
    }

    /// The whole document.
    pub fn finish(mut self) -> serde_json::Result<Value> {
        let mut schemas = Vec::new();
        ErrorBody::schemas(&mut schemas);
        ValidationErrors::schemas(&mut schemas);
        self.schemas.extend(schemas);
        self.schemas.insert(ErrorBody::name().into_owned(), <ErrorBody as utoipa::PartialSchema>::schema());
        self.schemas.insert(
            ValidationErrors::name().into_owned(),
            <ValidationErrors as utoipa::PartialSchema>::schema(),
        );
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An access token, from `POST /api/v1/login` with HTTP Basic or `POST /api/v1/signup`. It \
                 lives for 15 minutes; `POST /api/v1/session` renews it through the session's cookie.",
            ))
            .build();
        let key = ApiKeyValue::with_description(
            "X-API-Key",
            "A personal token (`lsv2_pt_…`), which acts as its owner in one organization, or a service key \
             (`lsv2_sk_…`), from the operations on API keys. Where the headers name no place, the key's own \
             is meant.",
        );
        let components = ComponentsBuilder::new()
            .schemas_from_iter(self.schemas)
            .security_scheme(BEARER, SecurityScheme::Http(bearer))
            .security_scheme(API_KEY, SecurityScheme::ApiKey(ApiKey::Header(key)))
            .build();
        let info = InfoBuilder::new()
            .title("Atrium's reference backend")
            .version(env!("CARGO_PKG_VERSION"))
            .description(Some(
                "Organizations, workspaces, members, roles and billing, as LangSmith's API has them. \
                 `x-needs` names what an operation needs of its caller; failures are `{\"detail\": …}`, a \
                 sentence or, with 422, a list of the fields that were refused.",
            ))
            .license(Some(utoipa::openapi::License::new("Apache-2.0")))
            .build();
        let mut document = OpenApi::new(info, self.paths);
        document.components = Some(components);
        document.tags =
            Some(self.subjects.iter().map(|name| TagBuilder::new().name(*name).build()).collect());
        serde_json::to_value(document)
    }
}

/// The names of the ids in a path.
fn places(path: &str) -> Vec<&str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
}

/// Whether the operation can be repeated with an `Idempotency-Key`.
fn repeatable(method: &HttpMethod, path: &str) -> bool {
    matches!(method, HttpMethod::Post) && !idempotency::LEFT_OUT.contains(&path)
}

fn key() -> Parameter {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(idempotency::MAX_KEY))
        .pattern(Some("^[!-~]+$"));
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("A request that is sent again with the same key gets the first answer."))
        .schema(Some(schema))
        .build()
}

/// A header that names a place. What it holds for an API key, it need not say: the key knows it.
fn place(name: &str, required: Required) -> Parameter {
    let what = if name == "X-Tenant-Id" { "The workspace." } else { "The organization." };
    id(name, ParameterIn::Header, required, Some(what))
}

fn id(name: &str, place: ParameterIn, required: Required, description: Option<&str>) -> Parameter {
    let uuid = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .description(description)
        .schema(Some(uuid))
        .build()
}

/// A name for programs: the method and the path's words, as `get_orgs_current_members`.
fn operation_id(method: &HttpMethod, path: &str) -> String {
    let method = match method {
        HttpMethod::Post => "post",
        HttpMethod::Patch => "patch",
        HttpMethod::Delete => "delete",
        _ => "get",
    };
    let words = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "api" | "v1"))
        .map(|part| part.trim_matches(['{', '}']).replace(['-', '.'], "_"));
    std::iter::once(method.to_owned()).chain(words).collect::<Vec<_>>().join("_")
}

fn refusal(description: &str) -> Response {
    failure(description, RefOr::Ref(Ref::from_schema_name(ErrorBody::name())))
}

fn failure(description: &str, schema: RefOr<Schema>) -> Response {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}
