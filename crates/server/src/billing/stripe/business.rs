//! The business behind an organization, as it stands on the invoices: name, address, email address
//! and tax id of the customer at Stripe.

use atrium_domain::wire::{Address, BusinessInfo};
use atrium_words::mark;
use axum::http::StatusCode;
use uuid::Uuid;

use super::client::{Form, StripeError};
use super::objects::{ADDRESS, Customer, Details, id_of};
use super::turn::Turn;
use super::{Failure, Kept, Stripe, form, operation, unreadable};
use crate::db::entity::stripe_account;
use crate::error::{ApiError, field, name};

/// Begins the kind of an operation that makes a tax id.
pub const TAX: &str = "tax ";

/// Where the customer is read with all that is compared.
pub const CUSTOMER: [(&str, &str); 2] =
    [("expand[]", "invoice_settings.default_payment_method"), ("expand[]", "tax_ids")];

/// Tells Stripe what somebody entered. An organization without a customer has nothing to tell yet:
/// it is told when the customer is made.
pub async fn set(stripe: &Stripe, turn: &Turn, info: &BusinessInfo) -> Result<((), Kept), Failure> {
    let mut account = turn.account.clone();
    let Some(id) = &account.customer_id else { return Ok(((), Kept::account(account))) };
    let found = stripe.client.get(&format!("customers/{id}"), &CUSTOMER, turn.until).await?;
    let customer = Customer::read(&found).ok_or(StripeError::Missing)?;
    let written = write(stripe, turn, &mut account, &customer, info).await?;
    Ok(((), Kept { ended: written.ended, ..Kept::account(account) }))
}

/// What [`write`] did.
pub struct Written {
    /// Whether anything differed.
    pub changed: bool,
    /// The operations that have come to their end.
    pub ended: Vec<Uuid>,
}

/// Writes what differs. Either all is as `info` says afterwards, or as it was.
pub async fn write(
    stripe: &Stripe,
    turn: &Turn,
    account: &mut stripe_account::Model,
    customer: &Customer,
    info: &BusinessInfo,
) -> Result<Written, Failure> {
    let id = account.customer_id.clone().unwrap_or_default();
    let wanted = wanted(info, &customer.details);
    let tax = info.tax_id.as_ref().map(|tax| format!("{}:{}", tax.kind, tax.value));
    let is_there =
        account.tax_id.as_ref().is_some_and(|own| customer.tax_ids.iter().any(|(id, _)| id == own));
    let same_tax = account.tax_value == tax && (is_there || tax.is_none());
    let made = match &info.tax_id {
        Some(tax) if !same_tax => Some(make_tax_id(stripe, turn, &id, &tax.kind, &tax.value).await?),
        _ => None,
    };
    if wanted != customer.details {
        let fields = detail_fields(&wanted);
        if let Err(error) = stripe.set(turn, "details", &format!("customers/{id}"), &fields).await {
            if let Some((made, operation)) = made {
                stripe.client.delete(&format!("customers/{id}/tax_ids/{made}"), &[], turn.until).await?;
                let change = stripe.db.change().await?;
                operation::end(&*change, &[operation]).await?;
                change.commit_unrecorded().await?;
            }
            return Err(at_field(error, &["body", "company_info"], &["body", "invoice_email"]));
        }
    }
    let mut ended = Vec::new();
    if !same_tax {
        if let Some(old) = account.tax_id.as_ref().filter(|_| is_there) {
            stripe.client.delete(&format!("customers/{id}/tax_ids/{old}"), &[], turn.until).await?;
        }
        ended.extend(made.as_ref().map(|(_, operation)| *operation));
        account.tax_id = made.map(|(id, _)| id);
        account.tax_value = tax;
    }
    Ok(Written { changed: !same_tax || wanted != customer.details, ended })
}

async fn make_tax_id(
    stripe: &Stripe,
    turn: &Turn,
    customer: &str,
    kind: &str,
    value: &str,
) -> Result<(String, Uuid), Failure> {
    let operation =
        operation::begin(&stripe.db, turn.organization(), &format!("{TAX}{kind}:{value}"), None).await?;
    let fields = form([("type", kind), ("value", value)]);
    match stripe.post(turn.until, &operation, "make", &format!("customers/{customer}/tax_ids"), &fields).await
    {
        Ok(made) => Ok((id_of(Some(&made)).ok_or_else(unreadable)?, operation.id)),
        Err(Failure::Stripe(StripeError::Invalid { param, .. })) => {
            let key = if param == "type" { "type" } else { "value" };
            let sentence =
                mark!("Stripe does not know a tax id of this type and form. The organization is as it was.");
            Err(ApiError::invalid(["body", "tax_id", key], sentence).into())
        }
        Err(error) => Err(error),
    }
}

/// What the customer is to be: fields that the information leaves out stay.
fn wanted(info: &BusinessInfo, is: &Details) -> Details {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let company = info.company_info.as_ref();
    let address = company.and_then(|company| company.address.as_ref());
    Details {
        name: company.map_or_else(|| is.name.clone(), |company| some(&company.name)),
        address: address.map_or_else(|| is.address.clone(), |address| lines(address).map(some)),
        email: info.invoice_email.as_deref().map_or_else(|| is.email.clone(), some),
    }
}

fn lines(address: &Address) -> [&str; 6] {
    [
        &address.line1,
        address.line2.as_deref().unwrap_or_default(),
        &address.city,
        address.state.as_deref().unwrap_or_default(),
        &address.postal_code,
        &address.country,
    ]
}

/// An address as fields of a form.
pub fn address_fields(address: &Address) -> Form {
    let fields = ADDRESS.iter().zip(lines(address));
    fields.map(|(key, value)| (format!("address[{key}]"), value.trim().to_owned())).collect()
}

fn detail_fields(details: &Details) -> Form {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut fields =
        vec![("name".to_owned(), text(&details.name)), ("email".to_owned(), text(&details.email))];
    if details.address.iter().any(Option::is_some) {
        let address = ADDRESS.iter().zip(&details.address);
        fields.extend(address.map(|(key, value)| (format!("address[{key}]"), text(value))));
    }
    fields
}

/// A field that Stripe refuses, as a refusal of ours that leads to it: `owner` holds name and
/// address, `email` is the way to the email address.
pub fn at_field(error: Failure, owner: &[&str], email: &[&str]) -> Failure {
    let Failure::Stripe(StripeError::Invalid { param, .. }) = &error else { return error };
    let inside = param.strip_prefix("address[").and_then(|rest| rest.strip_suffix(']'));
    let loc = match (param.as_str(), inside) {
        (_, Some(line)) if ADDRESS.contains(&line) => [owner, &["address", line]].concat(),
        ("name", _) => [owner, &["name"]].concat(),
        ("email", _) => email.to_vec(),
        _ => return error,
    };
    let loc = loc.into_iter().map(name).collect();
    let refused = field(loc, mark!("Stripe does not take this. The organization is as it was."));
    ApiError::fields(StatusCode::UNPROCESSABLE_ENTITY, vec![refused]).into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_information_leaves_out_stays() {
        let is = Details { name: Some("Ada".to_owned()), ..Details::default() };
        let info = |value| serde_json::from_value::<BusinessInfo>(value).unwrap();
        assert_eq!(wanted(&info(json!({})), &is), is);
        let address =
            json!({ "line1": " 1 ", "city": "C", "postal_code": "P", "country": "DE", "line2": "" });
        let told =
            info(json!({ "company_info": { "name": "Acme", "address": address }, "invoice_email": "" }));
        let wanted = wanted(&told, &is);
        assert_eq!((wanted.name.as_deref(), wanted.email), (Some("Acme"), None));
        assert_eq!((wanted.address[0].as_deref(), wanted.address[1].clone()), (Some("1"), None));
    }

    #[test]
    fn a_refused_field_is_named() {
        let refused = |param: &str| {
            let error = StripeError::Invalid { param: param.to_owned(), code: String::new() };
            match at_field(error.into(), &["body", "company_info"], &["body", "invoice_email"]) {
                Failure::Here(error) => format!("{error:?}"),
                Failure::Stripe(_) => "not ours".to_owned(),
            }
        };
        assert!(refused("address[country]").contains(r#"Name("address"), Name("country")"#));
        assert!(refused("email").contains(r#"Name("invoice_email")"#));
        assert_eq!(refused("description"), "not ours");
    }
}
