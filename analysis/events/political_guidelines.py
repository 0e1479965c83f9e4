"""The guidelines of the political codebook: how to mark each label, in our own words."""

from __future__ import annotations

GUIDELINES = {
    "ACTOR": {
        "en": (
            "Mark whatever can act: states, organisations, people, groups and blocs, whether by name, by description or "
            "by a relational adjective (“the Russian war” mentions Russia).\n"
            "Leave out attached particles (و ف ب ك س and a plain ل) and keep the article. Where ل and the article have "
            "merged, take the whole word. Take the full construct that names the actor; inside it mark another actor only "
            "if it has a registry entry of its own.\n"
            "A title with a name is one mention. In a list mark each actor by itself, but make one span where they share "
            "a head that is not repeated. Demonstratives, relative clauses and final punctuation stay outside.\n"
            "Do not mark pronouns, treaties, dates or ideas. A document that speaks for its issuer is a mention of the "
            "issuer. A capital that stands for its government is a mention of the state.\n"
            "Link each mention to the registry; search it in both scripts before you make a new entry. If a country is "
            "only where something happens, choose the reading “only a place”."
        ),
        "ar": (
            "حدِّد كل ما يستطيع أن يفعل: الدول والمنظمات والأشخاص والجماعات والكتل، سواء ورد باسمه أو بوصفه أو بصفة النسبة "
            "إليه (ففي «الحرب الروسية» ذكرٌ لروسيا).\n"
            "اترك الحروف المتصلة (و، ف، ب، ك، س، واللام المفردة) خارج المقطع وأبقِ أداة التعريف، فإن اندمجت اللام بالتعريف "
            "فخذ الكلمة كلها. وخذ التركيب الإضافي كاملًا ما دام يسمّي الفاعل، ولا تحدِّد في داخله فاعلًا آخر إلا إذا كان له قيد "
            "مستقل في السجل.\n"
            "اللقب مع الاسم ذكرٌ واحد. وفي العطف لكل فاعل مقطع، إلا إذا اشتركوا في رأس لم يتكرر فمقطع واحد. وتبقى أسماء "
            "الإشارة وجمل الصلة وعلامات الترقيم الختامية خارج المقطع.\n"
            "لا تحدِّد الضمائر ولا المعاهدات ولا التواريخ ولا الأفكار. والوثيقة التي تتكلم باسم مُصدِرها ذكرٌ له، والعاصمة التي "
            "يُقصد بها الحكم ذكرٌ للدولة.\n"
            "اربط كل ذكر بسجل الفاعلين، وابحث فيه بالحرفين العربي واللاتيني قبل أن تضيف قيدًا جديدًا. وإذا كانت الدولة مجرد "
            "موضع للحدث فاختر قراءة «مكان فقط»."
        ),
    },
    "EVENT": {
        "en": (
            "Mark the shortest word that names what happened, is happening, is planned, asked for, alleged or denied: a "
            "finite verb, a verbal noun, a participle or an event noun. Suffix pronouns stay in, attached particles stay "
            "outside. Do not mark states, or attitudes without an act.\n"
            "With a support verb the noun is the trigger and the verb goes into its own field. A negation stays outside "
            "too: set the polarity. “Not … but” is a restriction, not a denial.\n"
            "Choose the type by the act, not by who does it. If two fit, prefer the material to the verbal and the "
            "specific to the general; if none fits, “other” with a note is better than a forced choice.\n"
            "Code what is denoted and say by the modality how real it is, in this order: asked or wished; planned or "
            "promised; conditional; only claimed by a source the author does not back; habitual; otherwise asserted.\n"
            "Fill in who did it to whom whenever the sentence or the one before it says so."
        ),
        "ar": (
            "حدِّد أقصر كلمة تسمّي ما حدث أو يحدث أو يُخطَّط له أو يُطلب أو يُزعم أو يُنفى: فعلًا أو مصدرًا أو مشتقًا أو اسم حدث. "
            "وتبقى الضمائر المتصلة بآخر الكلمة داخل المقطع، والحروف المتصلة بأولها خارجه. ولا تحدِّد الأحوال ولا المواقف التي "
            "لا فعل معها.\n"
            "مع الفعل المساند يكون الاسم هو لفظ الحدث ويُثبت الفعل في خانته. وأداة النفي كذلك خارج المقطع، ويُثبت النفي في "
            "خانته. أما «لم … إلا» فحصرٌ لا نفي.\n"
            "اختر النوع بحسب الفعل لا بحسب فاعله. فإن ناسبه نوعان فقدِّم المادي على اللفظي والخاص على العام، وإن لم يناسبه نوع "
            "فاختيار «حدث سياسي آخر» مع ملاحظة خيرٌ من اختيار متكلَّف.\n"
            "رمِّز ما يدل عليه اللفظ، وبيّن في «حالة الوقوع» مبلغه من التحقق على هذا الترتيب: مطلوب أو مأمول، ثم مخطَّط أو موعود، ثم مشروط، "
            "ثم مزعوم ينسبه النص إلى مصدر لا يتبنى قوله، ثم معتاد، وإلا فمؤكَّد.\n"
            "ثم املأ من فعله وبمن، متى ذكرت ذلك الجملة أو الجملة التي قبلها."
        ),
    },
    "IMPLICATION": {
        "en": (
            "Mark the whole statement of what an event means, causes, aims at, threatens or calls for, from its first word "
            "to before the comma, the conjunction or the full stop. Do not mark plain facts or background.\n"
            "The wording that introduces it is the signal. Coordinated statements get a span each; where several are "
            "announced together, mark the announcement as such and let the parts elaborate it.\n"
            "Choose the kind by asking: is it what followed, what the event means, what somebody wants, what is feared, "
            "hoped for, expected or advised?\n"
            "Said by the author: stated. Put into somebody's mouth, even an unnamed one: attributed. Your own conclusion: "
            "inferred, and then you write it in your own words. A goal that the author ascribes to an actor is stated, "
            "with a link from that actor. Give a likelihood only if the text has a word of probability.\n"
            "Each implication needs at least one link from an event. Then link the actors it helps or harms, seen from "
            "their side."
        ),
        "ar": (
            "حدِّد العبارة كاملة التي تقول ما يعنيه الحدث أو يسببه أو يرمي إليه أو ينذر به أو يدعو إليه، من أول كلمة فيها إلى "
            "ما قبل الفاصلة أو حرف العطف أو النقطة. ولا تحدِّد الوقائع المجردة ولا الخلفيات.\n"
            "واللفظ الذي يمهّد لها هو لفظ الدلالة. ولكل عبارة معطوفة مقطعها، فإن أُعلن عن دلالات عدة معًا فعلِّم الإعلان بأنه "
            "جامع واجعل الأجزاء تفصيلًا له.\n"
            "واسأل لاختيار النوع: أهو ما ترتّب على الحدث، أم ما يعنيه، أم ما يريده طرف، أم ما يُخشى، أم ما يُرجى، أم ما يُتوقع، "
            "أم ما يُوصى به؟\n"
            "ما قاله الكاتب فهو مصرَّح به، وما جاء على لسان غيره ولو لم يُسمَّ فهو منسوب، وما خلصتَ إليه أنت فهو مستنتج وتكتبه "
            "بعبارتك. والهدف الذي ينسبه الكاتب إلى فاعل مصرَّح به، ويُربط به ذلك الفاعل. ولا تذكر احتمالًا إلا إذا ورد في النص "
            "لفظ يدل عليه.\n"
            "ولكل دلالة رابط واحد على الأقل من حدث، ثم اربط بها الفاعلين الذين تنفعهم أو تضرهم من منظورهم هم."
        ),
    },
    "PLACE": {
        "en": (
            "Mark a place that does not act, with the preposition left out: a city, a region, a sea, a border crossing.\n"
            "A country that is only the place is an actor with the reading “only a place”; a capital that stands for its "
            "government is an actor as well."
        ),
        "ar": (
            "حدِّد المكان الذي لا يفعل، دون حرف الجر: مدينة أو إقليمًا أو بحرًا أو معبرًا.\n"
            "أما الدولة التي ترد مكانًا فحسب فهي فاعل بقراءة «مكان فقط»، والعاصمة التي يُقصد بها الحكم فاعل كذلك."
        ),
    },
    "TIME": {
        "en": (
            "Mark when an event happened or is to happen, with the preposition left out.\n"
            "Write the date no more exactly than the text gives it. Work out a relative date from the day of publication; "
            "what you know from elsewhere does not belong here."
        ),
        "ar": (
            "حدِّد زمن وقوع الحدث أو الموعد المنتظر له، دون حرف الجر.\n"
            "واكتب التاريخ بالدقة التي يعطيها النص لا أكثر. واحسب التاريخ النسبي من يوم النشر، ولا تُدخل هنا ما تعرفه من غير "
            "النص."
        ),
    },
}
