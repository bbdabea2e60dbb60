//! Countries, and the tax ids that businesses have in them. What is said of an id here is a hint: whether
//! it is right the payment provider knows.

use atrium_words::{look, mark, t};

/// The countries of ISO 3166-1, as two letters each.
pub const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ \
    FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR \
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU \
    RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
    UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// A kind of tax id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxKind {
    /// The payment provider's word for it (Stripe's `tax_id.type`).
    pub kind: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// One that looks right.
    pub example: &'static str,
}

const VAT: &str = mark!("VAT number");
const GST: &str = mark!("GST number");
const TIN: &str = mark!("tax identification number");
const BRN: &str = mark!("business registration number");

/// Country, kind, name in English, example.
const KINDS: &[(&str, &str, &str, &str)] = &[
    ("AE", "ae_trn", mark!("tax registration number"), "123456789012345"),
    ("AR", "ar_cuit", "CUIT", "12-3456789-01"),
    ("AT", "eu_vat", VAT, "ATU12345678"),
    ("AU", "au_abn", "ABN", "12345678912"),
    ("BE", "eu_vat", VAT, "BE0123456789"),
    ("BG", "eu_vat", VAT, "BG0123456789"),
    ("BR", "br_cnpj", "CNPJ", "01.234.456/5432-10"),
    ("CA", "ca_bn", mark!("business number"), "123456789"),
    ("CH", "ch_vat", VAT, "CHE-123.456.789 MWST"),
    ("CL", "cl_tin", "RUT", "12.345.678-K"),
    ("CN", "cn_tin", TIN, "123456789012345678"),
    ("CO", "co_nit", "NIT", "123.456.789-0"),
    ("CY", "eu_vat", VAT, "CY12345678Z"),
    ("CZ", "eu_vat", VAT, "CZ1234567890"),
    ("DE", "eu_vat", VAT, "DE123456789"),
    ("DK", "eu_vat", VAT, "DK12345678"),
    ("EE", "eu_vat", VAT, "EE123456789"),
    ("EG", "eg_tin", TIN, "123456789"),
    ("ES", "eu_vat", VAT, "ESA1234567Z"),
    ("FI", "eu_vat", VAT, "FI12345678"),
    ("FR", "eu_vat", VAT, "FRAB123456789"),
    ("GB", "gb_vat", VAT, "GB123456789"),
    ("GR", "eu_vat", VAT, "EL123456789"),
    ("HK", "hk_br", BRN, "12345678"),
    ("HR", "eu_vat", VAT, "HR12345678912"),
    ("HU", "eu_vat", VAT, "HU12345678"),
    ("ID", "id_npwp", "NPWP", "012.345.678.9-012.345"),
    ("IE", "eu_vat", VAT, "IE1234567AB"),
    ("IL", "il_vat", VAT, "000012345"),
    ("IN", "in_gst", GST, "12ABCDE3456FGZH"),
    ("IS", "is_vat", VAT, "123456"),
    ("IT", "eu_vat", VAT, "IT12345678912"),
    ("JP", "jp_trn", mark!("registration number"), "T1234567891234"),
    ("KE", "ke_pin", "PIN", "P000111111A"),
    ("KR", "kr_brn", BRN, "123-45-67890"),
    ("LI", "li_uid", "UID", "CHE123456789"),
    ("LT", "eu_vat", VAT, "LT123456789123"),
    ("LU", "eu_vat", VAT, "LU12345678"),
    ("LV", "eu_vat", VAT, "LV12345678912"),
    ("MT", "eu_vat", VAT, "MT12345678"),
    ("MX", "mx_rfc", "RFC", "ABC010203AB9"),
    ("MY", "my_sst", mark!("SST number"), "A12-3456-78912345"),
    ("NG", "ng_tin", TIN, "12345678-0001"),
    ("NL", "eu_vat", VAT, "NL123456789B12"),
    ("NO", "no_vat", VAT, "123456789MVA"),
    ("NZ", "nz_gst", GST, "123456789"),
    ("PE", "pe_ruc", "RUC", "12345678901"),
    ("PH", "ph_tin", TIN, "123456789012"),
    ("PL", "eu_vat", VAT, "PL1234567890"),
    ("PT", "eu_vat", VAT, "PT123456789"),
    ("RO", "eu_vat", VAT, "RO1234567891"),
    ("RS", "rs_pib", "PIB", "123456789"),
    ("SA", "sa_vat", VAT, "123456789012345"),
    ("SE", "eu_vat", VAT, "SE123456789123"),
    ("SG", "sg_uen", "UEN", "123456789F"),
    ("SI", "eu_vat", VAT, "SI12345678"),
    ("SK", "eu_vat", VAT, "SK1234567891"),
    ("TH", "th_vat", VAT, "1234567891234"),
    ("TR", "tr_tin", TIN, "0123456789"),
    ("TW", "tw_vat", mark!("uniform number"), "12345678"),
    ("UA", "ua_vat", VAT, "123456789"),
    ("US", "us_ein", "EIN", "12-3456789"),
    ("UY", "uy_ruc", "RUC", "123456789012"),
    ("VN", "vn_tin", TIN, "1234567890"),
    ("ZA", "za_vat", VAT, "4123456789"),
];

/// The tax id of businesses in a country; `None` where none is known here.
pub fn kind_in(country: &str) -> Option<TaxKind> {
    let found = KINDS.iter().find(|(own, ..)| *own == country);
    found.map(|(_, kind, name, example)| TaxKind { kind, name: look(name), example })
}

/// What to say of an id that is typed: what it looks like where it is empty or looks otherwise. Spaces,
/// points and strokes do not matter.
pub fn hint(country: &str, typed: &str) -> String {
    let Some(TaxKind { name, example, .. }) = kind_in(country) else {
        return match country {
            "" => t!("Choose the country first.").to_owned(),
            _ => t!("No kind of tax ID is known here for this country. Leave it empty.").to_owned(),
        };
    };
    let typed = bare(typed);
    if typed.is_empty() || looks_like(&typed, &bare(example)) {
        t!("The {name}, such as {example}.", name, example)
    } else {
        t!("This does not look like a {name}, such as {example}. It is kept as you typed it.", name, example,)
    }
}

fn bare(id: &str) -> String {
    id.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Roughly as long as the example, with its letters before the first digit.
fn looks_like(typed: &str, example: &str) -> bool {
    let letters = |id: &str| id.chars().take(2).take_while(char::is_ascii_alphabetic).collect::<String>();
    let near = typed.len().abs_diff(example.len()) <= 3;
    let starts = letters(example);
    // Letters of a country come first; in other ids letters differ.
    near && (starts.len() < 2 || !is_european(&starts) || typed.starts_with(&starts))
}

fn is_european(letters: &str) -> bool {
    letters == "EL" || KINDS.iter().any(|(country, kind, ..)| *kind == "eu_vat" && *country == letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_of_a_country() {
        let all: Vec<&str> = COUNTRIES.split_whitespace().collect();
        assert_eq!(all.len(), 249);
        assert!(all.is_sorted() && KINDS.iter().all(|(country, ..)| all.contains(country)));
        assert!(KINDS.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, each once");
        for (country, _, name, example) in KINDS {
            assert_eq!(hint(country, example), format!("The {name}, such as {example}."));
        }
    }

    #[test]
    fn hints() {
        assert_eq!(kind_in("DE").map(|kind| kind.kind), Some("eu_vat"));
        assert_eq!(hint("", "1"), "Choose the country first.");
        assert!(hint("AQ", "").contains("Leave it empty"));
        assert_eq!(hint("DE", ""), "The VAT number, such as DE123456789.");
        assert_eq!(hint("DE", "de 123 456 789"), hint("DE", ""));
        for odd in ["123456789", "DE12", "FR123456789"] {
            assert!(hint("DE", odd).starts_with("This does not look like a VAT number"), "{odd}");
        }
        assert_eq!(hint("GR", "EL123456789"), hint("GR", ""));
        assert_eq!(hint("US", "123456789"), hint("US", ""));
    }
}
