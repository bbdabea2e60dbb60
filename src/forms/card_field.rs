//! Where a card is given: in the payment provider's own field, so that its number never passes through
//! this page, or as the test card of test billing.

use atrium_domain::wire::CustomerBillingInfo;
use atrium_ui::{
    Banner, Button, InlineError, Status, Tone, all, derive, dynamic, effect, el, memo, mend_focus, spawn,
    when,
};
use atrium_words::t;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

use crate::api;
use crate::session::{Place, Session};

/// Who takes cards here.
#[derive(Clone, Debug, PartialEq)]
enum Taker {
    /// Test billing, which charges nobody.
    Test,
    /// Stripe: where its script is, and the key for it.
    Stripe(String, String),
    /// Nobody that this version knows.
    Nobody,
}

/// Stripe's object, its field, and where that is.
#[derive(Clone)]
struct Stripe {
    stripe: JsValue,
    card: JsValue,
    node: Element,
}

/// A bank may want to ask its customer. What it shows is put into the page, where a modal dialog would
/// cover it and keep everybody from it: the dialog around the field steps aside for as long as this lives.
struct Aside(Option<(HtmlDialogElement, Option<HtmlElement>)>);

impl Aside {
    fn of(node: &Element) -> Self {
        let dialog = node.closest("dialog").ok().flatten();
        let dialog = dialog.and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
        let focused = document().active_element().and_then(|element| element.dyn_into().ok());
        Self(dialog.filter(HtmlDialogElement::open).map(|dialog| {
            dialog.close();
            dialog.show();
            refocus(focused.as_ref());
            (dialog, focused)
        }))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // Closed meanwhile, it stays so.
        if let Some((dialog, focused)) = self.0.take().filter(|(dialog, _)| dialog.open()) {
            dialog.close();
            let _ = dialog.show_modal();
            refocus(focused.as_ref());
        }
    }
}

/// Showing a dialog moves the focus to its beginning.
fn refocus(focused: Option<&HtmlElement>) {
    if let Some(focused) = focused {
        let _ = focused.focus();
    }
}

/// A card as it is given. Cheap to copy.
#[derive(Clone, Copy)]
pub struct CardField {
    place: Place,
    taker: Memo<Taker>,
    /// The setup intent of a card that the provider has taken and the server does not know yet.
    confirmed: RwSignal<Option<String>>,
    stripe: StoredValue<Option<Stripe>, LocalStorage>,
    ready: RwSignal<bool>,
    loading: RwSignal<bool>,
    preparing: RwSignal<Option<String>>,
    /// What is wrong with the card.
    pub error: RwSignal<Option<String>>,
}

impl CardField {
    /// Of this installation.
    pub fn new() -> Self {
        let session = Session::current();
        let taker = memo(move || {
            session.info.with(|info| {
                let flags = &info.instance_flags;
                match (flags.billing.as_deref(), &flags.stripe_js_url, &flags.stripe_publishable_key) {
                    (Some("test"), ..) => Taker::Test,
                    (_, Some(url), Some(key)) => Taker::Stripe(url.clone(), key.clone()),
                    _ => Taker::Nobody,
                }
            })
        });
        Self {
            place: Place::current(),
            taker,
            confirmed: RwSignal::new(None),
            stripe: StoredValue::new_local(None),
            ready: RwSignal::new(false),
            loading: RwSignal::new(false),
            preparing: RwSignal::new(None),
            error: RwSignal::new(None),
        }
    }

    /// Whether the card's holder and address are asked for: test billing's card has neither.
    pub fn wants_holder(self) -> bool {
        self.taker.with(|taker| matches!(taker, Taker::Stripe(..)))
    }

    /// Why nothing can be done with it yet. Reads signals.
    pub fn why_not(self) -> Option<String> {
        let has = match self.taker.get() {
            Taker::Test => self.confirmed.with(Option::is_some),
            Taker::Stripe(..) => self.ready.get(),
            Taker::Nobody => false,
        };
        (!has).then(|| t!("Add a card first.").to_owned())
    }

    /// Forgets a card that was taken and then refused, so that another one is asked for.
    pub fn forget(self) {
        let _ = self.confirmed.try_set(None);
    }

    /// The holder: what was entered, or for test billing, whose API wants one all the same, somebody.
    pub fn holder(self, entered: CustomerBillingInfo) -> CustomerBillingInfo {
        if untrack(|| self.wants_holder()) { entered } else { test_payer(self.place) }
    }

    /// Has the provider take the card; gives the id of its setup intent.
    ///
    /// # Errors
    /// A sentence where the card was refused or the provider could not be asked. Nothing was bought.
    pub async fn confirm(self, holder: &CustomerBillingInfo) -> Result<String, String> {
        if let Some(id) = self.confirmed.try_get_untracked().flatten() {
            return Ok(id);
        }
        let Some(field) = self.stripe.try_get_value().flatten() else {
            return Err(t!("Add a card first.").to_owned());
        };
        let intent =
            api::setup_intent(self.place.organization_id()).await.map_err(|failed| failed.sentence)?;
        let aside = Aside::of(&field.node);
        let confirmed = confirm(&field, &intent.client_secret, holder).await;
        drop(aside);
        let id = confirmed.map_err(|why| {
            let refused = t!("The card was refused: {why}", why);
            let next = t!("Nothing was charged. Check what you entered, or use another card.");
            format!("{refused} {next}")
        })?;
        let _ = self.confirmed.try_set(Some(id.clone()));
        Ok(id)
    }

    /// The field.
    pub fn view(self) -> AnyView {
        let field = dynamic(move || {
            match self.taker.get() {
            Taker::Test => self.test(),
            Taker::Stripe(url, key) => self.stripe(url, key),
            Taker::Nobody => view! {
                <Banner
                    tone=Tone::Warn
                    title=t!("No card can be added here")
                    text=t!("This installation takes cards in a way that this version of Atrium does not know. Add the card in the console of your installation, then reload this page.")
                />
            }
            .into_any(),
        }
        });
        all([field, view! { <InlineError text=self.error /> }.into_any()])
    }

    fn test(self) -> AnyView {
        let use_test_card = Callback::new(move |()| {
            self.preparing.set(Some(t!("Adding the test card").to_owned()));
            self.error.set(None);
            spawn(async move {
                let result = api::setup_intent(self.place.organization_id()).await;
                self.preparing.try_set(None);
                match result {
                    Ok(made) => {
                        let _ = self.confirmed.try_set(Some(made.id().to_owned()));
                        // The button went, and what it was pressed for stands in its place.
                        mend_focus("dialog[open] .card-choice [tabindex]");
                    }
                    Err(failed) => _ = self.error.try_set(Some(failed.sentence)),
                }
            });
        });
        let choice = move || {
            if self.confirmed.with(Option::is_some) {
                let status = view! { <Status text=t!("Test card, Visa ending in 4242") tone=Tone::Good /> };
                el("p").attr("tabindex", "-1").with(status).view()
            } else {
                view! {
                    <Button label=t!("Use test card") busy=self.preparing on_press=use_test_card autofocus=true />
                }
                .into_any()
            }
        };
        let banner = view! {
            <Banner
                tone=Tone::Accent
                title=t!("Test billing")
                text=t!("This installation charges nobody. No card number is asked for.")
            />
        };
        all([banner.into_any(), el("div").class("card-choice").with(dynamic(choice)).view()])
    }

    fn stripe(self, url: String, key: String) -> AnyView {
        let place = el("div")
            .class("card-field")
            .live("hidden", derive(move || (!self.ready.get()).then(String::new)));
        let node = StoredValue::new_local(place.node().clone());
        let load = Callback::new(move |()| {
            if self.loading.get_untracked() {
                return;
            }
            let (url, key, node) = (url.clone(), key.clone(), node.get_value());
            self.loading.set(true);
            self.error.set(None);
            spawn(async move {
                let made = mount(&url, &key, &node, self).await;
                let _ = self.loading.try_set(false);
                match made {
                    Some(made) => {
                        self.stripe.try_set_value(Some(made));
                        let _ = self.ready.try_set(true);
                    }
                    None => {
                        let sentence = t!(
                            "The card field could not be loaded from the payment provider. Nothing was \
                             charged. Check your connection and whether something blocks it, then try again."
                        );
                        let _ = self.error.try_set(Some(sentence.to_owned()));
                    }
                }
            });
        });
        effect(move || load.run(()));
        on_cleanup(move || {
            let _ = self.ready.try_set(false);
            if let Some(made) = self.stripe.try_update_value(Option::take).flatten() {
                let _ = call(&made.card, "destroy", &[]);
            }
        });
        let waiting = move || self.loading.get();
        let again = move || !self.loading.get() && !self.ready.get();
        el("div")
            .class("field")
            .attr("role", "group")
            .attr("aria-label", t!("Card"))
            .with(el("span").class("field-label").with(t!("Card")))
            .with(when(waiting, || {
                el("p").class("muted").attr("role", "status").with(t!("Loading the card field")).view()
            }))
            .with(when(again, move || view! { <Button label=t!("Try again") on_press=load /> }.into_any()))
            .with(place)
            .with(
                el("p").class("field-hint").with(t!(
                    "The number goes to the payment provider only; this installation never sees it."
                )),
            )
            .view()
    }
}

/// Test billing has no card holder; the API wants one all the same.
fn test_payer(place: Place) -> CustomerBillingInfo {
    let name = place.own.data.with_untracked(|own| {
        let own = own.as_ref().and_then(|own| own.first());
        own.and_then(|member| member.full_name.clone().or_else(|| member.email.clone()))
    });
    CustomerBillingInfo {
        name: name.unwrap_or_else(|| "Test".to_owned()),
        address: atrium_domain::wire::Address {
            line1: "Test billing".to_owned(),
            city: "Test billing".to_owned(),
            postal_code: "00000".to_owned(),
            country: "US".to_owned(),
            line2: None,
            state: None,
        },
    }
}

/// Calls a method of an object of the provider's script; `None` where it has none or throws.
fn call(of: &JsValue, name: &str, args: &[&JsValue]) -> Option<JsValue> {
    let method: Function = Reflect::get(of, &name.into()).ok()?.dyn_into().ok()?;
    method.apply(of, &args.iter().copied().collect::<Array>()).ok()
}

fn object(pairs: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}

/// Loads the provider's script, once a page, and puts its field into an element.
async fn mount(url: &str, key: &str, node: &Element, field: CardField) -> Option<Stripe> {
    let global = js_sys::global();
    let known = || Reflect::get(&global, &"Stripe".into()).ok().filter(JsValue::is_function);
    if known().is_none() {
        load(url).await?;
    }
    let make: Function = known()?.dyn_into().ok()?;
    let stripe = make.call1(&JsValue::UNDEFINED, &JsValue::from_str(key)).ok()?;
    let elements = call(&stripe, "elements", &[])?;
    // The provider's frame does not see this page's styles.
    let style = window().get_computed_style(node).ok().flatten();
    let style = |name: &str| {
        let value = style.as_ref().and_then(|style| style.get_property_value(name).ok()).unwrap_or_default();
        JsValue::from_str(&value)
    };
    let base = object(&[("color", style("color")), ("fontSize", style("font-size"))]);
    let options =
        object(&[("hidePostalCode", JsValue::TRUE), ("style", object(&[("base", base.into())]).into())]);
    let card = call(&elements, "create", &[&"card".into(), &options.into()])?;
    call(&card, "mount", &[node.as_ref()])?;
    // Another number is another card.
    let changed = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        field.forget();
        let said =
            Reflect::get(&event, &"error".into()).and_then(|error| Reflect::get(&error, &"message".into()));
        let _ = field.error.try_set(said.ok().and_then(|said| said.as_string()));
    });
    call(&card, "on", &[&"change".into(), &changed.into_js_value()]);
    Some(Stripe { stripe, card, node: node.clone() })
}

async fn load(url: &str) -> Option<()> {
    let script = document().create_element("script").ok()?;
    script.set_attribute("src", url).ok()?;
    let loaded = Promise::new(&mut |done, failed| {
        let _ = script.add_event_listener_with_callback("load", &done);
        let _ = script.add_event_listener_with_callback("error", &failed);
    });
    document().body()?.append_child(&script).ok()?;
    let loaded = JsFuture::from(loaded).await;
    if loaded.is_err() {
        script.remove();
    }
    loaded.ok().map(|_| ())
}

/// Has the provider take the card of its field.
///
/// # Errors
/// What it says against the card.
async fn confirm(field: &Stripe, secret: &str, holder: &CustomerBillingInfo) -> Result<String, String> {
    let text = |text: &str| JsValue::from_str(text);
    let address = &holder.address;
    let address = object(&[
        ("line1", text(&address.line1)),
        ("city", text(&address.city)),
        ("postal_code", text(&address.postal_code)),
        ("country", text(&address.country)),
    ]);
    let details = object(&[("name", text(&holder.name)), ("address", address.into())]);
    let method = object(&[("card", field.card.clone()), ("billing_details", details.into())]);
    let data = object(&[("payment_method", method.into())]);
    let silent = || t!("the payment provider gave no answer.").to_owned();
    let promise =
        call(&field.stripe, "confirmCardSetup", &[&text(secret), &data.into()]).ok_or_else(silent)?;
    let promise: Promise = promise.dyn_into().map_err(|_| silent())?;
    let result = JsFuture::from(promise).await.map_err(|_| silent())?;
    let of = |value: &JsValue, name: &str| Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if let Some(id) = of(&of(&result, "setupIntent"), "id").as_string() {
        return Ok(id);
    }
    Err(of(&of(&result, "error"), "message").as_string().unwrap_or_else(silent))
}
