//! Who pays: the holder of the card, and the business behind the organization.

use atrium_domain::wire::{Address, BusinessInfo, CompanyInfo, CustomerBillingInfo, TaxId};
use atrium_domain::{email, tax};
use atrium_ui::{Checkbox, FieldKind, Select, SelectOption, TextField, all, derive, el, memo, when};
use atrium_words::{commas, t};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::api::ApiError;
use crate::language::{formatted, formatter, locales};

/// A field with what is wrong with it.
#[derive(Clone, Copy)]
struct Field {
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

impl Field {
    fn new() -> Self {
        Self { value: RwSignal::new(String::new()), error: RwSignal::new(None) }
    }

    fn read(self) -> String {
        self.value.with_untracked(|value| value.trim().to_owned())
    }

    fn set(self, value: &str) {
        self.value.set(value.to_owned());
    }

    /// Says what is wrong where it is empty. Whether it is not.
    fn wants(self, words: &str) -> bool {
        let missing = self.read().is_empty();
        self.error.set(missing.then(|| words.to_owned()));
        !missing
    }

    fn view(self, label: &'static str, autocomplete: &'static str, required: bool) -> AnyView {
        view! { <TextField label value=self.value autocomplete error=self.error required /> }.into_any()
    }
}

/// What is asked about whoever pays. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Payer {
    /// Whether the payer is a business.
    pub is_business: RwSignal<bool>,
    /// Whether a card is entered, which wants its holder.
    with_card: Signal<bool>,
    holder: Field,
    name: Field,
    line1: Field,
    city: Field,
    state: Field,
    postal_code: Field,
    country: Field,
    tax_id: Field,
    invoice_email: Field,
    /// What no field of the form holds, and which is given back as it was.
    line2: StoredValue<Option<String>>,
}

impl Payer {
    /// Nothing is known yet.
    pub fn new(with_card: Signal<bool>) -> Self {
        Self {
            is_business: RwSignal::new(false),
            with_card,
            holder: Field::new(),
            name: Field::new(),
            line1: Field::new(),
            city: Field::new(),
            state: Field::new(),
            postal_code: Field::new(),
            country: Field::new(),
            tax_id: Field::new(),
            invoice_email: Field::new(),
            line2: StoredValue::new(None),
        }
    }

    /// Fills in what is kept of the business.
    pub fn fill(self, info: &BusinessInfo) {
        let company = info.company_info.clone().unwrap_or_default();
        let address = company.address.unwrap_or_default();
        self.is_business.set(info.is_business);
        self.name.set(&company.name);
        self.line1.set(&address.line1);
        self.line2.set_value(address.line2);
        self.city.set(&address.city);
        self.state.set(address.state.as_deref().unwrap_or_default());
        self.postal_code.set(&address.postal_code);
        self.country.set(&address.country.to_ascii_uppercase());
        self.tax_id.set(info.tax_id.as_ref().map(|id| id.value.as_str()).unwrap_or_default());
        self.invoice_email.set(info.invoice_email.as_deref().unwrap_or_default());
    }

    /// Whether nobody has typed anything about the business yet.
    pub fn is_untouched(self) -> bool {
        let all =
            [self.name, self.line1, self.city, self.state, self.postal_code, self.tax_id, self.invoice_email];
        all.into_iter().all(|field| field.read().is_empty())
    }

    /// Whether an address is asked for.
    fn wants_address(self) -> bool {
        self.with_card.get_untracked() || self.begun_address()
    }

    fn begun_address(self) -> bool {
        let all = [self.line1, self.city, self.state, self.postal_code];
        self.is_business.get_untracked() && all.into_iter().any(|field| !field.read().is_empty())
    }

    /// Whether everything that has to be there is; what is missing is said beside its field.
    pub fn check(self) -> bool {
        let mut good = true;
        for field in
            [self.holder, self.name, self.line1, self.city, self.postal_code, self.country, self.tax_id]
        {
            field.error.set(None);
        }
        if self.with_card.get_untracked() {
            good &= self.holder.wants(t!("Enter the name that stands on the card."));
        }
        if self.is_business.get_untracked() {
            good &= self.name.wants(t!("Enter the name of the business."));
            let tax_id = self.tax_id.read();
            if !tax_id.is_empty() && tax::kind_in(&self.country.read()).is_none() {
                self.tax_id.error.set(Some(tax::hint(&self.country.read(), &tax_id)));
                good = false;
            }
        }
        if self.wants_address() {
            good &= self.line1.wants(t!("Enter the street and number."));
            good &= self.city.wants(t!("Enter the city."));
            good &= self.postal_code.wants(t!("Enter the postal code."));
            good &= self.country.wants(t!("Choose the country."));
        }
        let invoice_email = self.invoice_email.read();
        let odd = !invoice_email.is_empty() && !email::is_address(&invoice_email);
        self.invoice_email.error.set(odd.then(|| t!("This is not an email address.").to_owned()));
        good && !odd
    }

    /// Shows what the server refused beside its field. Whether it is such.
    pub fn refused(self, failed: &ApiError) -> bool {
        let fields = [
            ("tax_id", self.tax_id),
            ("invoice_email", self.invoice_email),
            ("line1", self.line1),
            ("city", self.city),
            ("state", self.state),
            ("postal_code", self.postal_code),
            ("country", self.country),
        ];
        let found = fields.into_iter().find_map(|(name, field)| Some((field, failed.of_field(name)?)));
        let shown = found.is_some();
        if let Some((field, sentence)) = found {
            field.error.set(Some(sentence));
        }
        shown
    }

    fn address(self) -> Address {
        Address {
            line1: self.line1.read(),
            line2: self.line2.get_value(),
            city: self.city.read(),
            state: Some(self.state.read()).filter(|state| !state.is_empty()),
            postal_code: self.postal_code.read(),
            country: self.country.read(),
        }
    }

    /// The holder of the card.
    pub fn holder(self) -> CustomerBillingInfo {
        CustomerBillingInfo { name: self.holder.read(), address: self.address() }
    }

    /// What is to be kept of the business.
    pub fn info(self) -> BusinessInfo {
        let is_business = self.is_business.get_untracked();
        let value = self.tax_id.read();
        let kind = tax::kind_in(&self.country.read()).filter(|_| is_business && !value.is_empty());
        BusinessInfo {
            company_info: is_business.then(|| CompanyInfo {
                name: self.name.read(),
                address: self.wants_address().then(|| self.address()),
            }),
            tax_id: kind.map(|kind| TaxId { value, kind: kind.kind.to_owned() }),
            invoice_email: Some(self.invoice_email.read()).filter(|email| !email.is_empty()),
            is_business,
        }
    }

    /// The fields: of the card's holder where there is a card, and of the business where there is one. The
    /// address for invoices is asked for wherever `with_email` says so, and of whoever gives an address.
    pub fn view(self, with_email: bool) -> AnyView {
        let business = move || self.is_business.get();
        let is_business = view! {
            <Checkbox
                label=t!("This is a business")
                checked=self.is_business
                on_change=Callback::new(move |on| self.is_business.set(on))
                hint=t!("Its name, address and tax ID stand on the invoices.")
            />
        };
        let address = memo(move || self.with_card.get() || self.is_business.get());
        let tax_hint = derive(move || {
            let (country, typed) = (self.country.value.get(), self.tax_id.value.get());
            Some(tax::hint(&country, &typed))
        });
        let tax_id = move || {
            view! { <TextField label=t!("Tax ID") value=self.tax_id.value error=self.tax_id.error hint=tax_hint /> }
                .into_any()
        };
        let invoice_email = move || {
            view! {
                <TextField
                    label=t!("Invoice email")
                    value=self.invoice_email.value
                    kind=FieldKind::Email
                    autocomplete="email"
                    error=self.invoice_email.error
                    hint=t!("Invoices go here as well.")
                />
            }
            .into_any()
        };
        let name = move || self.name.view(t!("Business name"), "organization", true);
        let fields = el("div")
            .class("fields")
            .with(when(business, name))
            .with(when(move || address.get(), move || self.address_view()))
            .with(when(business, tax_id))
            .with(when(move || with_email || address.get(), invoice_email));
        all([self.name_view(), is_business.into_any(), fields.view()])
    }

    /// The fields of the card's holder alone.
    pub fn holder_view(self) -> AnyView {
        let address = move || el("div").class("fields").with(self.address_view()).view();
        all([self.name_view(), when(move || self.with_card.get(), address)])
    }

    fn name_view(self) -> AnyView {
        when(move || self.with_card.get(), move || self.holder.view(t!("Name on the card"), "cc-name", true))
    }

    fn address_view(self) -> AnyView {
        // Whoever gives a card has an address; a business may leave it out.
        let required = self.with_card.get_untracked();
        all([
            self.line1.view(t!("Address"), "address-line1", required),
            self.city.view(t!("City"), "address-level2", required),
            self.state.view(t!("State or region"), "address-level1", false),
            self.postal_code.view(t!("Postal code"), "postal-code", required),
            self.countries(),
        ])
    }

    fn countries(self) -> AnyView {
        let options = derive(move || {
            let mut all: Vec<(String, &str)> =
                tax::COUNTRIES.split_whitespace().map(|code| (name_of_country(code), code)).collect();
            all.sort_by(|one, other| {
                js_sys::JsString::from(one.0.as_str())
                    .locale_compare(&other.0, &locales(), &js_sys::Object::new())
                    .cmp(&0)
            });
            let mut options = vec![SelectOption::new("", t!("Choose a country"))];
            options.extend(all.into_iter().map(|(name, code)| SelectOption::new(code, name)));
            // One that this version does not know, from elsewhere.
            let own = self.country.value.get_untracked();
            if options.iter().all(|option| option.value != own) {
                options.push(SelectOption::new(own.clone(), own));
            }
            options
        });
        let choose = Callback::new(move |code: String| self.country.set(&code));
        view! {
            <Select label=t!("Country") value=self.country.value options on_change=choose error=self.country.error />
        }
        .into_any()
    }
}

/// A country's name, by the browser's own list.
pub fn name_of_country(code: &str) -> String {
    let options = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&options, &"type".into(), &"region".into());
    let names = formatter("DisplayNames", &options);
    let name = names.and_then(|names| formatted(&names, "of", &JsValue::from_str(code)));
    name.unwrap_or_else(|| code.to_owned())
}

/// The address in one line.
pub fn address_line(address: &Address) -> String {
    let country = if address.country.is_empty() { String::new() } else { name_of_country(&address.country) };
    let city = format!("{} {}", address.postal_code, address.city);
    let state = address.state.clone().unwrap_or_default();
    let line2 = address.line2.clone().unwrap_or_default();
    let parts = [address.line1.clone(), line2, city.trim().to_owned(), state, country];
    commas(parts.into_iter().filter(|part| !part.is_empty()))
}
