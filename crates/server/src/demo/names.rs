//! Names for the demo organization, from many places: what a page shows must hold up to all of
//! them. Each name stands with the Latin form that its address is made of.

/// Names of one place.
struct Place {
    given: &'static [(&'static str, &'static str)],
    family: &'static [(&'static str, &'static str)],
    family_first: bool,
    /// Between the two names; Chinese and Korean have none.
    between: &'static str,
}

const fn plain(
    given: &'static [(&'static str, &'static str)],
    family: &'static [(&'static str, &'static str)],
) -> Place {
    Place { given, family, family_first: false, between: " " }
}

const PLACES: &[Place] = &[
    plain(
        &[
            ("Grace", "grace"),
            ("Margaret", "margaret"),
            ("Dorothy", "dorothy"),
            ("Tyrone", "tyrone"),
            ("Walter", "walter"),
            ("Shanice", "shanice"),
            ("Luke", "luke"),
        ],
        &[
            ("Hopper", "hopper"),
            ("Hamilton", "hamilton"),
            ("Vaughan", "vaughan"),
            ("Washington", "washington"),
            ("O’Connor", "oconnor"),
            ("Fitzgerald-Smythe", "fitzgerald-smythe"),
        ],
    ),
    plain(
        &[
            ("José", "jose"),
            ("María Fernanda", "maria.fernanda"),
            ("Íñigo", "inigo"),
            ("Lucía", "lucia"),
            ("Andrés", "andres"),
            ("Ximena", "ximena"),
        ],
        &[
            ("García Márquez", "garcia.marquez"),
            ("Núñez", "nunez"),
            ("Ibáñez", "ibanez"),
            ("de la Cruz", "delacruz"),
            ("Peña", "pena"),
            ("Quispe", "quispe"),
        ],
    ),
    plain(
        &[
            ("João", "joao"),
            ("Conceição", "conceicao"),
            ("Thiago", "thiago"),
            ("Beatriz", "beatriz"),
            ("Caetano", "caetano"),
        ],
        &[
            ("Gonçalves", "goncalves"),
            ("da Silva", "dasilva"),
            ("Araújo", "araujo"),
            ("Magalhães", "magalhaes"),
            ("Simões", "simoes"),
        ],
    ),
    plain(
        &[
            ("Jürgen", "juergen"),
            ("Anneliese", "anneliese"),
            ("Sören", "soeren"),
            ("Käthe", "kaethe"),
            ("Emmy", "emmy"),
        ],
        &[
            ("Groß", "gross"),
            ("Müller-Lüdenscheidt", "mueller-luedenscheidt"),
            ("Noether", "noether"),
            ("von Weizsäcker", "weizsaecker"),
            ("Schäfer", "schaefer"),
        ],
    ),
    plain(
        &[
            ("Zoë", "zoe"),
            ("François", "francois"),
            ("Aïcha", "aicha"),
            ("Hélène", "helene"),
            ("Étienne", "etienne"),
        ],
        &[
            ("Lefèvre", "lefevre"),
            ("N’Diaye", "ndiaye"),
            ("Beauséjour", "beausejour"),
            ("d’Alembert", "dalembert"),
            ("Çelik", "celik"),
        ],
    ),
    plain(
        &[
            ("Łukasz", "lukasz"),
            ("Małgorzata", "malgorzata"),
            ("Zdeněk", "zdenek"),
            ("Božena", "bozena"),
            ("Ľudmila", "ludmila"),
        ],
        &[
            ("Wójcik", "wojcik"),
            ("Brzęczyszczykiewicz", "brzeczyszczykiewicz"),
            ("Dvořák", "dvorak"),
            ("Šimůnek", "simunek"),
            ("Žižka", "zizka"),
        ],
    ),
    plain(
        &[("Åsa", "asa"), ("Bjørn", "bjorn"), ("Þórdís", "thordis"), ("Päivi", "paivi"), ("Søren", "soren")],
        &[
            ("Ångström", "angstrom"),
            ("Sigurðardóttir", "sigurdardottir"),
            ("Ødegård", "odegard"),
            ("Hämäläinen", "hamalainen"),
            ("Kjær", "kjaer"),
        ],
    ),
    plain(
        &[
            ("Ольга", "olga"),
            ("Дмитро", "dmytro"),
            ("Софья", "sofya"),
            ("Александр", "aleksandr"),
            ("Марія", "mariya"),
        ],
        &[
            ("Ковалевская", "kovalevskaya"),
            ("Шевченко", "shevchenko"),
            ("Щербина", "shcherbyna"),
            ("Ґалаґан", "galagan"),
            ("Ладыженская", "ladyzhenskaya"),
        ],
    ),
    plain(
        &[("Ελένη", "eleni"), ("Γιώργος", "giorgos"), ("Υπατία", "ypatia"), ("Νίκος", "nikos")],
        &[
            ("Παπαδόπουλος", "papadopoulos"),
            ("Καραθεοδωρή", "karatheodori"),
            ("Οικονόμου", "oikonomou"),
            ("Θεοδωράκης", "theodorakis"),
        ],
    ),
    plain(
        &[
            ("فاطمة", "fatima"),
            ("محمد", "mohammed"),
            ("ليلى", "layla"),
            ("يوسف", "yusuf"),
            ("مريم", "maryam"),
        ],
        &[
            ("الزهراء", "alzahra"),
            ("الخوارزمي", "alkhwarizmi"),
            ("حداد", "haddad"),
            ("المصري", "almasri"),
            ("بن سالم", "bensalem"),
        ],
    ),
    plain(
        &[("נועה", "noa"), ("יעל", "yael"), ("אבנר", "avner"), ("שירה", "shira")],
        &[("לוי", "levi"), ("בן־דוד", "bendavid"), ("שפירא", "shapira"), ("אברהם", "avraham")],
    ),
    plain(
        &[
            ("आर्यभट", "aryabhata"),
            ("लक्ष्मी", "lakshmi"),
            ("शकुन्तला", "shakuntala"),
            ("विक्रम", "vikram"),
            ("அனிதா", "anitha"),
            ("ரவி", "ravi"),
        ],
        &[
            ("शर्मा", "sharma"),
            ("देवी", "devi"),
            ("चट्टोपाध्याय", "chattopadhyay"),
            ("சுப்பிரமணியன்", "subramanian"),
            ("पाटील", "patil"),
        ],
    ),
    plain(
        &[("নাসরিন", "nasrin"), ("সত্যেন্দ্র", "satyendra"), ("ชนากานต์", "chanakan"), ("สมชาย", "somchai")],
        &[("বসু", "bose"), ("রহমান", "rahman"), ("ศรีสุวรรณ", "srisuwan"), ("วงศ์สวัสดิ์", "wongsawat")],
    ),
    Place {
        given: &[
            ("清照", "qingzhao"),
            ("景润", "jingrun"),
            ("伟", "wei"),
            ("秀英", "xiuying"),
            ("省身", "xingshen"),
        ],
        family: &[("陈", "chen"), ("王", "wang"), ("欧阳", "ouyang"), ("華", "hua"), ("李", "li")],
        family_first: true,
        between: "",
    },
    Place {
        given: &[
            ("花子", "hanako"),
            ("太郎", "taro"),
            ("さくら", "sakura"),
            ("エミリー", "emily"),
            ("健一", "kenichi"),
        ],
        family: &[
            ("山田", "yamada"),
            ("佐藤", "sato"),
            ("髙橋", "takahashi"),
            ("渡邉", "watanabe"),
            ("伊藤", "ito"),
        ],
        family_first: true,
        between: " ",
    },
    Place {
        given: &[("서연", "seoyeon"), ("민준", "minjun"), ("지우", "jiwoo"), ("하은", "haeun")],
        family: &[("김", "kim"), ("이", "lee"), ("박", "park"), ("황보", "hwangbo")],
        family_first: true,
        between: "",
    },
    Place {
        given: &[
            ("Thị Ánh Nguyệt", "nguyet"),
            ("Văn Đức", "duc"),
            ("Bảo Châu", "chau"),
            ("Quốc Hưng", "hung"),
        ],
        family: &[("Nguyễn", "nguyen"), ("Trần", "tran"), ("Đặng", "dang"), ("Ngô", "ngo")],
        family_first: true,
        between: " ",
    },
    plain(
        &[
            ("Adaeze", "adaeze"),
            ("Olúwaṣeun", "oluwaseun"),
            ("Wanjikũ", "wanjiku"),
            ("Thandiwe", "thandiwe"),
            ("Kwabena", "kwabena"),
            ("ሰላም", "selam"),
        ],
        &[
            ("Okonkwo", "okonkwo"),
            ("Adébáyọ̀", "adebayo"),
            ("Mwangi", "mwangi"),
            ("Nkosi", "nkosi"),
            ("Asante", "asante"),
            ("ተስፋዬ", "tesfaye"),
        ],
    ),
    plain(
        &[("Ayşe", "ayse"), ("İsmail", "ismail"), ("Gülşah", "gulsah"), ("შოთა", "shota"), ("Արամ", "aram")],
        &[
            ("Yılmaz", "yilmaz"),
            ("Öztürk", "ozturk"),
            ("რუსთაველი", "rustaveli"),
            ("Խաչատրյան", "khachatryan"),
            ("Iğdır", "igdir"),
        ],
    ),
    plain(
        &[("Kaʻiulani", "kaiulani"), ("Tāne", "tane"), ("Siosaia", "siosaia"), ("Dewi", "dewi")],
        &[("Kealoha", "kealoha"), ("Ngāta", "ngata"), ("Tupou", "tupou"), ("Suryaningrum", "suryaningrum")],
    ),
];

/// The name and the address' first part of the `index`-th person; the same for the same index.
pub fn person(index: usize) -> (String, String) {
    let place = &PLACES[index % PLACES.len()];
    let turn = index / PLACES.len();
    // Two lists walked with different steps, so that neighbours rarely share a name.
    let given = place.given[turn % place.given.len()];
    let family = place.family[(turn / place.given.len() + turn) % place.family.len()];
    let name = if place.family_first {
        format!("{}{}{}", family.0, place.between, given.0)
    } else {
        format!("{}{}{}", given.0, place.between, family.0)
    };
    (name, format!("{}.{}", given.1, family.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_many_and_addresses_good() {
        let people: Vec<_> = (0..500).map(person).collect();
        let names: HashSet<_> = people.iter().map(|(name, _)| name).collect();
        assert!(names.len() > 250, "{}", names.len());
        for (name, local) in &people {
            assert!(atrium_domain::names::check_full_name(name).is_ok(), "{name}");
            assert!(atrium_domain::email::is_address(&format!("{local}@acme.example")), "{local}");
        }
    }
}
