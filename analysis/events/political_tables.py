"""The code tables of the political codebook by code: "English | العربية", with help also "| English help | شرح"."""

from __future__ import annotations

ACTOR = {
    "mention": {
        "NAM": "Name | اسم", "NOM": "Description | وصف",
        "NISBA": "Relational adjective | نسبة | As in “the Russian army” | كما في «الجيش الروسي»", "PRO": "Pronoun | ضمير",
    },
    "reading": {"ACT": "Acts or is acted upon | يفعل أو يقع عليه", "LOC": "Only a place | مكان فقط", "GEN": "Generic | عام"},
    "metonymy": {
        "CAPITAL": "Capital for the state | العاصمة عن الدولة", "BUILDING": "Building for the institution | المبنى عن المؤسسة",
        "DOCUMENT": "Document for its issuer | الوثيقة عن مُصدِرها", "LEADER": "Leader for the state | القائد عن الدولة",
        "TEAM": "Team for the country | الفريق عن البلد",
    },
}  # fmt: skip

# type: (quad class, score on the PLOVER scale, names and help)
EVENT_TYPES: dict[str, tuple[int, float | None, str]] = {
    "AGREE": (
        1,
        2.5,
        "Agree to cooperate later | تعهّد أو موافقة | "
        "Promises, offers or accepts cooperation that is still to come | وعدٌ بتعاون لاحق أو عرضٌ له أو قبولٌ به",
    ),
    "CONSULT": (
        1,
        2.5,
        "Consult, meet, visit | تشاور أو لقاء | "
        "Meets, visits, hosts, calls or negotiates | لقاء أو زيارة أو استضافة أو اتصال أو تفاوض",
    ),
    "SUPPORT": (
        1,
        5,
        "Support, recognise, sign | تأييد أو اعتراف | "
        "Backs in words, recognises, signs or ratifies | تأييد سياسي أو اعتراف أو توقيع اتفاق أو تصديق عليه",
    ),
    "CONCEDE": (
        1,
        4.5,
        "Concede in words | تنازل معلن | "
        "Apologises, or announces an easing not yet carried out | اعتذار، أو إعلان تخفيف لم يُنفَّذ بعد",
    ),
    "COOPERATE": (
        2,
        9.5,
        "Cooperate materially | تعاون مادي | "
        "Joint drills, trade, shared intelligence: both sides give | تعاون متبادل: مناورات مشتركة أو تجارة أو تبادل معلومات",
    ),
    "AID": (
        2,
        10,
        "Aid | معونة | "
        "Gives money, arms, relief, troops or asylum to another | تقديم مال أو سلاح أو إغاثة أو قوات أو لجوء لطرف آخر",
    ),
    "RETREAT": (
        2,
        6.5,
        "Retreat, release, truce | تراجع منفَّذ | "
        "Carries out a concession: withdraws, releases, disarms, resigns | انسحاب أو إفراج أو نزع سلاح أو هدنة أو استقالة",
    ),
    "REQUEST": (3, 0, "Request or demand | طلب أو مطالبة | Asks, demands or orders | طلب أو مطالبة أو أمر"),
    "ACCUSE": (
        3,
        -3,
        "Accuse or criticise | إدانة أو اتهام | "
        "Criticises, condemns, accuses, sues or investigates | انتقاد أو إدانة أو اتهام أو مقاضاة أو تحقيق",
    ),
    "REJECT": (3, -2, "Reject | رفض | Refuses, vetoes or defies | رفض أو نقض أو تحدٍّ"),
    "THREATEN": (3, -3.5, "Threaten | تهديد | Threatens or warns in order to compel | تهديد أو تحذير يُراد به الإلزام"),
    "PROTEST": (4, -5, "Protest | احتجاج | Demonstration, strike, riot or boycott | مظاهرة أو إضراب أو شغب أو مقاطعة"),
    "SANCTION": (
        4,
        -6,
        "Sanction, reduce relations | عقوبات أو تقليص علاقات | "
        "Imposes sanctions, expels, breaks off or reduces relations | فرض عقوبات أو طرد أو قطع علاقات أو خفضها",
    ),
    "MOBILIZE": (
        4,
        -5.5,
        "Mobilise forces | حشد | "
        "Moves or readies troops or police without using force | تحريك قوات أو شرطة أو استنفارها دون استعمال القوة",
    ),
    "COERCE": (
        4,
        -7,
        "Coerce, repress | إكراه أو قمع | "
        "Arrest, ban, blockade, censorship, cyber attack: pressure short of armed violence | "
        "اعتقال أو حظر أو حصار أو رقابة أو هجوم سيبراني: ضغط دون عنف مسلح",
    ),
    "ASSAULT": (
        4,
        -9,
        "Assault, fight | اعتداء أو قتال | "
        "Deliberate use of physical force, war included | استعمال متعمد للقوة، ومنه الحرب",
    ),
    "STATEMENT": (
        0,
        None,
        "Statement | تصريح أو ذكر | "
        "Says, notes or mentions, and no other type fits | قولٌ أو ذكرٌ أو تأكيد لا يلائمه نوع آخر",
    ),
    "OTHER": (
        0,
        None,
        "Other political event | حدث سياسي آخر | "
        "Political, but none of the types; say in the note what it is | حدث سياسي خارج الأنواع كلها، ويُبيَّن في الملاحظة",
    ),
}

# Where a mode has a score of its own, and the two requests that are no conflict.
MODE_SCORES: dict[str, dict[str, float]] = {
    "CONSULT": {"visit": 4, "third-party": 1, "multilateral": 4, "phone": 1.5},
    "RETREAT": {"withdraw": 8, "disarm": 10, "ceasefire": 7.5, "resign": 4.5},
    "REQUEST": {"assist": 0.5, "change": -1, "yield": -1, "meet": 0},
    "REJECT": {"assist": -1.5, "change": -2, "yield": -2, "meet": -2},
    "ACCUSE": {"disapprove": -2, "investigate": -3.5, "allege": -3.5},
    "THREATEN": {"restrict": -3, "territory": -4},
    "PROTEST": {"riot": -7, "hunger": -4.5, "boycott": -4.5, "obstruct": -4.5},
    "SANCTION": {"expel": -5.5},
    "MOBILIZE": {"troops": -6.5, "weapons": -6.5, "militia": -6},
    "COERCE": {"censor": -6.5, "curfew": -6.5, "martial-law": -7.5, "misinformation": -6.5},
    "ASSAULT": {
        "abduct": -8.5, "beat": -7.5, "torture": -8.5, "sexual": -8.5, "targeted": -9.5, "destroy": -8.5, "primitive": -8,
        "suicide-attack": -9.5, "aerial": -9.5, "drone": -9.5, "heavy-weapons": -9.5, "crowd-control": -7.5,
        "unconventional": -10,
    },
}  # fmt: skip
MODE_QUADS: dict[str, dict[str, int]] = {"REQUEST": {"assist": 1, "meet": 1}}

_LADDER = {
    "assist": "Aid or relations | مساعدة أو علاقات", "change": "Change of policy or leader | تغيير سياسة أو قيادة",
    "yield": "Concession | تنازل", "meet": "Meeting | لقاء",
}  # fmt: skip
MODES: dict[str, dict[str, str]] = {
    "CONSULT": {
        "visit": "Visit | زيارة", "third-party": "In a third country | في بلد ثالث",
        "multilateral": "Multilateral | متعدد الأطراف", "phone": "At a distance | عن بُعد",
    },
    "RETREAT": {
        "withdraw": "Withdraw | انسحاب", "release": "Release | إفراج", "disarm": "Disarm | نزع سلاح",
        "ceasefire": "Ceasefire | وقف إطلاق النار", "access": "Allow access | السماح بالدخول", "resign": "Resign | استقالة",
    },
    "REQUEST": _LADDER,
    "REJECT": _LADDER,
    "ACCUSE": {"disapprove": "Disapprove | استنكار", "investigate": "Investigate | تحقيق", "allege": "Allege | اتهام"},
    "THREATEN": {
        "restrict": "Restrictions | تقييد", "arrest": "Arrest | اعتقال", "relations": "Break relations | قطع علاقات",
        "expel": "Expulsion | طرد", "territory": "Occupation | احتلال أرض", "violence": "Violence | عنف",
    },
    "PROTEST": {
        "demo": "Demonstration | مظاهرة", "riot": "Riot | شغب", "strike": "Strike | إضراب",
        "hunger": "Hunger strike | إضراب عن الطعام", "boycott": "Boycott | مقاطعة", "obstruct": "Obstruction | سدّ طرق",
        "vandalize": "Vandalism | تخريب رمزي",
    },
    "SANCTION": {
        "convict": "Court sentence | حكم قضائي", "expel": "Expel | طرد", "withdraw": "Withdraw from | انسحاب من",
        "discontinue": "Break off, impose | قطع أو عقوبات",
    },
    "MOBILIZE": {"troops": "Troops | قوات", "weapons": "Weapons | أسلحة", "police": "Police | شرطة", "militia": "Militia | ميليشيا"},
    "COERCE": {
        "seize": "Seize | مصادرة", "restrict": "Restrict freedoms | تقييد حريات", "censor": "Censor | رقابة",
        "curfew": "Curfew | حظر تجول", "martial-law": "Emergency rule | حالة طوارئ", "arrest": "Arrest | اعتقال",
        "deport": "Deport | ترحيل", "withhold": "Withhold service | حجب خدمات", "misinformation": "Disinformation | تضليل",
        "cyber": "Cyber attack | هجوم سيبراني",
    },
    "ASSAULT": {
        "abduct": "Abduct | خطف", "beat": "Beat | ضرب", "torture": "Torture | تعذيب", "sexual": "Sexual violence | عنف جنسي",
        "targeted": "Assassinate, execute | اغتيال أو إعدام", "destroy": "Destroy | تدمير متعمد",
        "primitive": "Primitive weapons | أسلحة بدائية", "firearms": "Firearms | أسلحة نارية",
        "explosives": "Explosives | متفجرات", "suicide-attack": "Suicide attack | هجوم انتحاري", "aerial": "Air strike | قصف جوي",
        "drone": "Drone | مسيّرة", "heavy-weapons": "Heavy weapons | أسلحة ثقيلة", "crowd-control": "Crowd control | تفريق حشود",
        "unconventional": "Unconventional weapons | أسلحة غير تقليدية", "sideAB": "Two sides | طرفان",
    },
}  # fmt: skip

CONTEXTS = {
    "military": "Military | عسكري", "intelligence": "Intelligence | استخباراتي", "executive": "Executive | تنفيذي",
    "legislative": "Legislative | تشريعي", "election": "Election | انتخابات",
    "political_institutions": "Political institutions | مؤسسات سياسية", "pro_democracy": "Pro-democracy | ديمقراطية",
    "pro_autocracy": "Pro-autocracy | سلطوية", "economic": "Economic | اقتصادي", "legal": "Legal | قانوني",
    "reparations": "Reparations | تعويضات", "human_rights": "Human rights | حقوق الإنسان",
    "rights_freedoms": "Rights and freedoms | حريات", "repression": "Repression | قمع",
    "human_security": "Human security | أمن إنساني", "gender": "Gender | نوع اجتماعي", "lgbt": "LGBT | مثلية",
    "religion_ethnicity": "Religion and ethnicity | دين وإثنية", "inequality": "Inequality | تفاوت",
    "diplomatic": "Diplomatic | دبلوماسي", "territory": "Territory | أراضٍ", "peacekeeping": "Peacekeeping | حفظ سلام",
    "health": "Health | صحة", "asylum": "Asylum | لجوء", "migration": "Migration | هجرة", "disasters": "Disasters | كوارث",
    "natural_resource": "Natural resources | موارد طبيعية", "environment": "Environment | بيئة",
    "technology": "Technology | تقنية", "terrorism": "Terrorism | إرهاب", "cbrn": "Mass destruction | أسلحة دمار شامل",
    "cyber": "Cyber | سيبراني", "misinformation": "Misinformation | تضليل", "crime": "Crime | جريمة",
    "corruption": "Corruption | فساد", "illegal_drugs": "Illegal drugs | مخدرات", "trafficking": "Trafficking | اتجار غير مشروع",
}  # fmt: skip

KINDS_OF_EVENT_ATTRIBUTES = {
    "polarity": {"POS": "Affirmed | مثبت", "NEG": "Denied | منفي"},
    "modality": {
        "ASSERTED": "Asserted | مؤكَّد | Reported as happened or happening | يُروى على أنه وقع أو يقع",
        "PLANNED": "Planned | مخطَّط | Announced, agreed or sought | معلن أو متفق عليه أو مسعيٌّ إليه",
        "DESIRED": "Desired | مطلوب | Asked for or wished | مطلوب أو مأمول",
        "HYPOTHETICAL": "Hypothetical | افتراضي | Conditional or merely possible | مشروط أو ممكن فحسب",
        "ALLEGED": "Alleged | مزعوم | Claimed by a source the author does not back | ينسبه النص إلى مصدر لا يتبنى قوله",
        "GENERIC": "Generic | عام | Habitual or not one particular event | معتاد أو غير معيّن",
    },
    "tense": {"PAST": "Past | ماضٍ", "PRES": "Present | حاضر", "FUT": "Future | مستقبل", "UNSPEC": "Unspecified | غير محدد"},
    "flags": {
        "umbrella": "Umbrella | جامع | Covers several events | يضم أحداثًا عدة",
        "proform": "Pro-form | إحالة | Points at an event without naming it | يحيل إلى حدث دون تسميته",
        "historical": "Historical | تاريخي | Long before the time of the text | سابق لزمن النص بعيدًا",
        "habitual": "Habitual | معتاد | Happens again and again | يتكرر",
    },
}  # fmt: skip

IMPLICATION = {
    "kind": {
        "CONSEQUENCE": "Consequence | نتيجة أو أثر | What has followed or follows | ما ترتّب أو يترتّب",
        "SIGNIFICANCE": "Significance | دلالة أو معنى | What the event shows or means | ما يكشفه الحدث أو يعنيه",
        "INTENT": "Intent | غاية أو هدف | What an actor wants with it | ما يريده فاعل من ورائه",
        "RISK": "Risk | خطر أو تهديد | What is feared or threatened | ما يُخشى أو يُهدَّد به",
        "OPPORTUNITY": "Opportunity | فرصة | What may be gained | ما قد يُكسب",
        "FORECAST": "Forecast | توقّع | What will happen | ما سيحدث",
        "RECOMMENDATION": "Recommendation | توصية أو توجّه | What should be done in answer | ما ينبغي فعله ردًّا",
    },
    "domains": {
        "MIL": "Military and security | عسكري وأمني", "POL": "Political and diplomatic | سياسي ودبلوماسي",
        "ECO": "Economic | اقتصادي", "SOC": "Social | اجتماعي", "INF": "Information | إعلامي ومعلوماتي", "LEG": "Legal | قانوني",
    },
    "direction": {
        "COOP": "Towards cooperation | نحو التعاون", "CONF": "Towards conflict | نحو الصراع", "MIX": "Mixed | مختلط",
        "NONE": "Open | غير محدد",
    },
    "horizon": {
        "PAST": "Realised | متحقق", "PRESENT": "Present | راهن", "SHORT": "Under 3 months | قريب: دون 3 أشهر",
        "MEDIUM": "3 to 24 months | متوسط: من 3 أشهر إلى 24 شهرًا", "LONG": "Over 24 months | بعيد: فوق 24 شهرًا", "UNSPEC": "Unspecified | غير محدد",
    },
    "explicitness": {
        "STATED": "Stated by the author | صرّح به الكاتب", "ATTRIBUTED": "Attributed to an actor | منسوب إلى فاعل",
        "INFERRED": "Inferred by the analyst | استنتجه المحلل",
    },
    "holder": {"AUTHOR": "The author | الكاتب", "ACTOR": "A linked actor | فاعل مرتبط", "UNKNOWN": "Unknown | غير معروف"},
    "likelihood": {
        "NONE": "Not given | غير مذكور", "FACT": "Fact | واقع", "ALMOST_NO_CHANCE": "Almost no chance | احتمال شبه معدوم | 1–5 % | 1–5٪",
        "VERY_UNLIKELY": "Very unlikely | مستبعد جدًا | 5–20 % | 5–20٪", "UNLIKELY": "Unlikely | مستبعد | 20–45 % | 20–45٪",
        "EVEN": "Even | متكافئ | 45–55 % | 45–55٪", "LIKELY": "Likely | مرجّح | 55–80 % | 55–80٪",
        "VERY_LIKELY": "Very likely | مرجّح جدًا | 80–95 % | 80–95٪",
        "ALMOST_CERTAIN": "Almost certain | شبه مؤكد | 95–99 % | 95–99٪",
    },
    "analyst_confidence": {"LOW": "Low | منخفضة", "MODERATE": "Moderate | متوسطة", "HIGH": "High | عالية"},
}  # fmt: skip

ROLES = {
    "ACTOR": "Actor | فاعل", "RECIPIENT": "Recipient | متلقٍّ", "HOST": "Host | مضيف", "PLACE": "Place | مكان",
    "TIME": "Time | زمان", "INSTRUMENT": "Instrument | أداة", "TOPIC": "Topic | موضوع",
}  # fmt: skip
VALENCE = {
    "BENEFIT": "Benefit | منفعة",
    "HARM": "Harm | ضرر",
    "MIXED": "Mixed | مختلط",
    "UNCLEAR": "Unclear | غير واضح",
}

# code: (labels it may start from, labels it may lead to, names); "entity" allows a registry entry
RELATIONS: dict[str, tuple[str, str, str]] = {
    "ARG": ("EVENT", "ACTOR PLACE TIME EVENT entity",
        "Argument | طرف الحدث | Who or what takes part in the event | من يشارك في الحدث أو ما يتعلق به"),
    "SUBEVENT_OF": ("EVENT", "EVENT",
        "Part of | جزء من | The event is part of a larger one | الحدث جزء من حدث أكبر"),
    "LEADS_TO": ("EVENT", "EVENT IMPLICATION",
        "Leads to | يؤدي إلى | E, therefore I | وقع الحدث فنتج عنه كذا"),
    "SIGNALS": ("EVENT", "IMPLICATION", "Signals | يدل على | E shows that I | الحدث يدل على أن كذا"),
    "AIMS_AT": ("EVENT", "IMPLICATION", "Aims at | يهدف إلى | E, in order that I | وقع الحدث لأجل كذا"),
    "MOTIVATES": ("EVENT", "IMPLICATION EVENT",
        "Motivates | يدفع إلى | Because of E somebody wants or does I | بسبب الحدث يريد طرفٌ كذا أو يفعله"),
    "JUSTIFIES": ("EVENT", "EVENT IMPLICATION",
        "Justifies | يُستخدم لتبرير | Somebody argues from E for I | يحتج طرفٌ بالحدث لتبرير كذا"),
    "CONTRASTS": ("EVENT IMPLICATION", "IMPLICATION",
        "In spite of | على الرغم من | In spite of E, I | كذا على الرغم من الحدث"),
    "ELABORATES": ("IMPLICATION", "IMPLICATION",
        "Elaborates | تفصيل لـ | A part or detail of an announced implication | جزء من دلالة معلنة أو تفصيل لها"),
    "HOLDS": ("ACTOR entity", "IMPLICATION", "Holds | يتبنّى | The actor asserts it | الفاعل يقول به"),
    "INTENDS": ("ACTOR entity", "IMPLICATION",
        "Intends | يسعى إلى | It is this actor's goal | هو هدف هذا الفاعل"),
    "AFFECTED": ("ACTOR entity", "IMPLICATION",
        "Affected by | يتأثر بـ | It benefits or harms the actor, seen from that actor's side | ينفع الفاعل أو يضره من منظوره هو"),
    "MEMBER_OF": ("ACTOR", "ACTOR",
        "Member of | عضو في | The text states the membership | عضوية يذكرها النص"),
}  # fmt: skip

TIME_PRECISION = {
    "DAY": "Day | يوم", "MONTH": "Month | شهر", "YEAR": "Year | سنة", "APPROX": "About | تقريبًا", "NONE": "Unknown | غير معروفة",
}  # fmt: skip
