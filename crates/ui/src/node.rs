//! Elements made directly, in place of `view!`.
//!
//! A view's type names every element, attribute and handler in it, and each such type gets compiled code of its
//! own to build, compare, move and drop it. For the parts of this crate that was 257 KB of wasm before wasm-opt;
//! behind one type it is 133, and the first load is 24 KB smaller with brotli. What is lost: a view that is built
//! anew is not compared with the old one, but replaces it (and takes over its focus).

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, Node};

use crate::dom::{Words, focus};

/// An element under construction, and, once it is in the page, what has to live as long as it.
pub struct El {
    node: Element,
    kept: Vec<Kept>,
}

#[allow(dead_code)] // they are kept, not read
enum Kept {
    View(AnyViewState),
    Effect(RenderEffect<()>),
}

/// Starts an element of HTML.
pub fn el(tag: &str) -> El {
    El::from(document().create_element(tag))
}

/// Starts an element of SVG.
pub(crate) fn svg(tag: &str) -> El {
    El::from(document().create_element_ns(Some("http://www.w3.org/2000/svg"), tag))
}

impl El {
    fn from(made: Result<Element, JsValue>) -> Self {
        match made {
            Ok(node) => Self { node, kept: Vec::new() },
            // Only a tag with a character that no tag has gets here.
            Err(error) => wasm_bindgen::throw_val(error),
        }
    }

    /// The element itself, for handlers that need it.
    pub fn node(&self) -> &Element {
        &self.node
    }

    /// Its classes.
    pub fn class(self, class: &str) -> Self {
        self.attr("class", class)
    }

    /// An attribute that stays as it is.
    pub fn attr(self, name: &str, value: &str) -> Self {
        let _ = self.node.set_attribute(name, value);
        self
    }

    /// An attribute that is there only if there is a value.
    pub fn attr_if(self, name: &str, value: Option<&str>) -> Self {
        set(&self.node, name, value);
        self
    }

    /// An attribute that changes with a signal; absent while that is `None`.
    pub fn live(mut self, name: &'static str, value: Words) -> Self {
        let node = self.node.clone();
        self.effect(Box::new(move || set(&node, name, value.try_get().flatten().as_deref())));
        self
    }

    /// The same, where the value may be none of this element's business.
    pub fn live_if(self, name: &'static str, value: Option<Words>) -> Self {
        match value {
            Some(value) => self.live(name, value),
            None => self,
        }
    }

    /// Runs now, and again when a signal that it reads changes.
    pub fn react(mut self, run: impl Fn(&Element) + 'static) -> Self {
        let node = self.node.clone();
        self.effect(Box::new(move || run(&node)));
        self
    }

    /// Calls this when the event reaches the element.
    pub fn on(self, event: &str, run: impl FnMut(Event) + 'static) -> Self {
        fn add(node: &Element, event: &str, run: Box<dyn FnMut(Event)>) {
            let run = Closure::wrap(run).into_js_value(); // goes when the element does
            let _ = node.add_event_listener_with_callback(event, run.unchecked_ref());
        }
        add(&self.node, event, Box::new(run));
        self
    }

    /// What stands inside, after what is there already: see [`Part`].
    pub fn with(mut self, part: impl Part) -> Self {
        part.put(&mut self);
        self
    }

    /// The element as a view.
    pub fn view(self) -> AnyView {
        Built(StoredValue::new_local(Some(self))).into_any()
    }

    fn effect(&mut self, run: Box<dyn Fn()>) {
        self.kept.push(Kept::Effect(RenderEffect::new(move |_: Option<()>| run())));
    }
}

/// What can stand inside an element. Each kind has one compiled copy.
pub trait Part {
    /// Adds it at the end.
    fn put(self, into: &mut El);
}

impl Part for El {
    fn put(self, into: &mut El) {
        let _ = into.node.append_child(&self.node);
        into.kept.extend(self.kept);
    }
}

/// Text that stays as it is.
impl Part for &str {
    fn put(self, into: &mut El) {
        let _ = into.node.append_child(&document().create_text_node(self));
    }
}

/// Text that stays as it is.
impl Part for &String {
    fn put(self, into: &mut El) {
        self.as_str().put(into);
    }
}

/// Text that stays as it is.
impl Part for String {
    fn put(self, into: &mut El) {
        self.as_str().put(into);
    }
}

/// Text that changes with a signal.
impl Part for Signal<String> {
    fn put(self, into: &mut El) {
        text(move || self.try_get().unwrap_or_default()).put(into);
    }
}

/// Text that changes with a signal; empty while that is `None`.
impl Part for Words {
    fn put(self, into: &mut El) {
        text(move || self.try_get().flatten().unwrap_or_default()).put(into);
    }
}

/// Text that changes with a signal.
impl Part for Memo<String> {
    fn put(self, into: &mut El) {
        text(move || self.try_get().unwrap_or_default()).put(into);
    }
}

/// Any view.
impl Part for AnyView {
    fn put(self, into: &mut El) {
        let mut state = self.build();
        state.mount(&into.node, None);
        into.kept.push(Kept::View(state));
    }
}

/// What `view!` makes: a component.
impl<T: IntoView> Part for View<T> {
    fn put(self, into: &mut El) {
        self.into_any().put(into);
    }
}

impl<P: Part> Part for Option<P> {
    fn put(self, into: &mut El) {
        if let Some(part) = self {
            part.put(into);
        }
    }
}

impl<P: Part> Part for Vec<P> {
    fn put(self, into: &mut El) {
        for part in self {
            part.put(into);
        }
    }
}

impl<P: Part, const N: usize> Part for [P; N] {
    fn put(self, into: &mut El) {
        for part in self {
            part.put(into);
        }
    }
}

/// Text that is computed from signals.
pub struct Text(Box<dyn Fn() -> String>);

/// Text that changes when a signal that it reads does.
pub fn text(text: impl Fn() -> String + 'static) -> Text {
    Text(Box::new(text))
}

impl Part for Text {
    fn put(self, into: &mut El) {
        let node = document().create_text_node("");
        let _ = into.node.append_child(&node);
        into.effect(Box::new(move || node.set_data(&(self.0)())));
    }
}

/// Parts side by side, without an element around them.
pub fn all<const N: usize>(views: [AnyView; N]) -> AnyView {
    Vec::from(views).into_any()
}

fn set(node: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
}

/// The one type that all these elements have as views. A view may be sent between threads, an element may not:
/// hence the handle.
struct Built(StoredValue<Option<El>, LocalStorage>);

impl Render for Built {
    type State = El;

    fn build(self) -> El {
        let built = self.0.try_update_value(Option::take).flatten();
        built.unwrap_or_else(|| el("span")) // its owner is gone, and nobody sees it
    }

    /// There is no comparing: the new element takes the old one's place, and its focus.
    fn rebuild(self, old: &mut El) {
        let mut new = self.build();
        let path = focus_path(&old.node);
        old.insert_before_this(&mut new);
        old.unmount();
        if let Some(path) = path {
            let inside =
                path.iter().rev().try_fold(new.node.clone(), |node, index| node.children().item(*index));
            inside.iter().for_each(focus);
        }
        *old = new;
    }
}

/// Where the focus is inside this element: the index of each element on the way, the innermost first.
fn focus_path(root: &Element) -> Option<Vec<u32>> {
    let mut at = document().active_element().filter(|active| root.contains(Some(active)))?;
    let mut path = Vec::new();
    while at != *root {
        let parent = at.parent_element()?;
        let children = parent.children();
        path.push((0..children.length()).find(|index| children.item(*index).as_ref() == Some(&at))?);
        at = parent;
    }
    Some(path)
}

impl Mountable for El {
    fn unmount(&mut self) {
        self.node.remove();
    }

    fn mount(&mut self, parent: &Element, before: Option<&Node>) {
        let _ = parent.insert_before(&self.node, before);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.node.parent_element();
        if let Some(parent) = &parent {
            child.mount(parent, Some(&self.node));
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.node.clone()]
    }
}

impl AddAnyAttr for Built {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _: A) -> Self {
        self
    }
}

/// Nothing renders on a server here.
impl RenderHtml for Built {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> El {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
