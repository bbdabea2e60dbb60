//! How an operation describes itself: by the types of its handler. What a handler takes and gives
//! is what the document says, since both are read from the same signature.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Parameter;
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Header, Ref, RefOr, Required};

use super::need::Gives;
use crate::answers::streamed::Streamed;
use crate::auth::access::{NamedOrg, OrgAccess, OrgPermit, PlacePermit, WorkspaceAccess, WorkspacePermit};
use crate::auth::admission::Admitted;
use crate::auth::sessions::{Person, Signed};
use crate::error::Result;
use crate::routes::entity_tag::IfMatch;
use crate::serve::AppState;
use crate::validate::{Asked, Body, FromQuery, Id, OptionalBody, Params};

/// What a handler's signature says about its operation.
#[derive(Default)]
pub struct Sketch {
    /// What the guard has to give it.
    pub wants: Vec<Gives>,
    /// Headers that may name a place.
    pub named: Vec<&'static str>,
    /// Headers that are looked at besides.
    pub headers: Vec<Parameter>,
    /// The query's fields.
    pub query: Vec<Parameter>,
    /// The body that it reads.
    pub body: Option<RequestBody>,
    /// The answer where it succeeds.
    pub answer: ResponseBuilder,
    /// What it refuses besides, by the status, each with the reason.
    pub refusals: Vec<(&'static str, &'static str)>,
    /// The named schemas that body and answer refer to.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Sketch {
    /// The schema of a type, and everything that it refers to among the named ones.
    fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.schemas);
        match T::schema() {
            // Lists, texts and objects without known fields have no name of their own.
            RefOr::T(schema @ Schema::Array(_)) => RefOr::T(schema),
            RefOr::T(Schema::Object(schema))
                if schema.properties.is_empty() && schema.enum_values.is_none() =>
            {
                RefOr::T(Schema::Object(schema))
            }
            schema => {
                let name = T::name().into_owned();
                self.schemas.push((name.clone(), schema));
                RefOr::Ref(Ref::from_schema_name(name))
            }
        }
    }

    fn reads<T: ToSchema>(&mut self, required: Required) {
        let content = ContentBuilder::new().schema(Some(self.schema::<T>())).build();
        let body = RequestBodyBuilder::new().content("application/json", content).required(Some(required));
        self.body = Some(body.build());
    }

    fn json<T: ToSchema>(&mut self) {
        let schema = self.schema::<T>();
        self.answers("application/json", Some(schema));
    }

    fn answers(&mut self, kind: &str, schema: Option<RefOr<Schema>>) {
        let content = ContentBuilder::new().schema(schema).build();
        self.answer = std::mem::take(&mut self.answer).content(kind, content);
    }

    /// A header of the answer that is a text.
    pub fn answer_text_header(&mut self, name: &str, description: &str) {
        let text = utoipa::openapi::schema::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
        self.answer_header(name, HeaderBuilder::new().schema(text).description(Some(description)).build());
    }

    /// A header of the answer.
    pub fn answer_header(&mut self, name: &str, header: Header) {
        self.answer = std::mem::take(&mut self.answer).header(name, header);
    }
}

/// A handler's argument.
pub trait Argument {
    /// Writes down what it takes from the request.
    fn describe(_sketch: &mut Sketch) {}
}

/// What a handler gives back.
pub trait Output: IntoResponse {
    /// Writes down what it answers.
    fn describe(sketch: &mut Sketch);
}

/// A handler whose signature describes its operation; `T` are its arguments.
pub trait Described<T> {
    /// Writes down what the signature says.
    fn describe(sketch: &mut Sketch);
}

macro_rules! described {
    ($($argument:ident)*) => {
        impl<F, Later, Out, $($argument),*> Described<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Later,
            Later: Future<Output = Result<Out>>,
            Out: Output,
            $($argument: Argument),*
        {
            fn describe(sketch: &mut Sketch) {
                $($argument::describe(sketch);)*
                Out::describe(sketch);
            }
        }
    };
}

described!();
described!(A);
described!(A B);
described!(A B C);
described!(A B C D);
described!(A B C D E);
described!(A B C D E G);

impl Argument for State<AppState> {}
impl Argument for HeaderMap {}
/// Counts the request for its network address, which the connection names.
impl Argument for Admitted {}
/// The path itself names its ids.
impl Argument for Id {}

macro_rules! given {
    ($($what:ty => $gives:ident),*) => {
        $(impl Argument for $what {
            fn describe(sketch: &mut Sketch) {
                sketch.wants.push(Gives::$gives);
            }
        })*
    };
}

given!(
    Signed => Account,
    Person => Person,
    PlacePermit => Place,
    OrgAccess => Organization,
    OrgPermit => Organization,
    WorkspaceAccess => Workspace,
    WorkspacePermit => Workspace
);

impl Argument for IfMatch {
    fn describe(sketch: &mut Sketch) {
        sketch.headers.push(Self::parameter());
        sketch.refusals.push(("412", "It is not any more what `If-Match` names; `ETag` has what it is."));
    }
}

impl<T: FromQuery> Argument for Asked<T> {
    fn describe(sketch: &mut Sketch) {
        sketch.query = Params::asked_by::<T>();
    }
}

impl<T: ToSchema> Argument for Body<T> {
    fn describe(sketch: &mut Sketch) {
        sketch.reads::<T>(Required::True);
    }
}

impl<T: ToSchema> Argument for OptionalBody<T> {
    fn describe(sketch: &mut Sketch) {
        sketch.reads::<T>(Required::False);
    }
}

/// A body that the handler reads by itself: any JSON.
impl Argument for std::result::Result<Bytes, BytesRejection> {
    fn describe(sketch: &mut Sketch) {
        let any = utoipa::openapi::schema::ObjectBuilder::new().schema_type(utoipa::openapi::Type::Object);
        let content = ContentBuilder::new().schema(Some(any)).build();
        let body = RequestBodyBuilder::new().content("application/json", content);
        sketch.body = Some(body.required(Some(Required::True)).build());
    }
}

/// The organization may be named, where the operation concerns none in particular.
impl Argument for NamedOrg {
    fn describe(sketch: &mut Sketch) {
        sketch.named.push("X-Organization-Id");
    }
}

impl<T: ToSchema + Serialize> Output for Json<T> {
    fn describe(sketch: &mut Sketch) {
        sketch.json::<T>();
    }
}

impl<T: ToSchema> Output for Streamed<T> {
    fn describe(sketch: &mut Sketch) {
        sketch.json::<T>();
    }
}

/// A list, as an answer.
pub struct List<T>(pub Vec<T>);

impl<T: Serialize> IntoResponse for List<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

impl<T: ToSchema + Serialize> Output for List<T> {
    fn describe(sketch: &mut Sketch) {
        let item = sketch.schema::<T>();
        let list = utoipa::openapi::ArrayBuilder::new().items(item).build();
        sketch.answers("application/json", Some(RefOr::T(Schema::Array(list))));
    }
}

/// A page of a list, with the number of all in `X-Pagination-Total`.
pub struct Page<T> {
    /// What is on the page.
    pub rows: Vec<T>,
    /// How many there are on all pages together.
    pub total: u64,
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        ([("x-pagination-total", self.total.to_string())], Json(self.rows)).into_response()
    }
}

impl<T: ToSchema + Serialize> Output for Page<T> {
    fn describe(sketch: &mut Sketch) {
        List::<T>::describe(sketch);
        let number = utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::Integer)
            .minimum(Some(0));
        let header = HeaderBuilder::new()
            .schema(number)
            .description(Some("How many there are on all pages together."));
        sketch.answer_header("X-Pagination-Total", header.build());
    }
}

/// An answer that sets or clears the session's cookie.
pub struct WithCookie<T> {
    /// The header's value.
    pub cookie: axum::http::HeaderValue,
    /// The answer itself.
    pub answer: T,
}

impl<T: Serialize> IntoResponse for WithCookie<T> {
    fn into_response(self) -> Response {
        (StatusCode::OK, [(axum::http::header::SET_COOKIE, self.cookie)], Json(self.answer)).into_response()
    }
}

impl<T: ToSchema + Serialize> Output for WithCookie<T> {
    fn describe(sketch: &mut Sketch) {
        sketch.json::<T>();
        sketch
            .answer_text_header("Set-Cookie", "The session's HttpOnly cookie, for `/api/v1/session` alone.");
    }
}
