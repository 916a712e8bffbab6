"""In which words of the world's languages do people answer?  Scales, yes and no, no answer, and what a heading asks.

Words stand here without accents, as `wordings.plain` makes them of those of a file.
"""

from __future__ import annotations

import re

from surveybook.survey.intake.wordings import plain

# Scales from the lowest answer to the highest; `/` divides ways to say the same. What is told by one adjective and
# words such as “very” and “not” needs no line here: see MODIFIERS
SCALES: dict[str, str] = {
    "Zustimmung": "stimme uberhaupt nicht zu/stimme gar nicht zu/trifft uberhaupt nicht zu/trifft gar nicht zu/lehne "
    "stark ab; stimme nicht zu/trifft nicht zu/lehne ab; stimme eher nicht zu/trifft eher nicht zu/trifft weniger zu/"
    "stimme weniger zu/lehne eher ab; teils teils/weder noch/unentschieden/neutral/trifft teilweise zu/stimme "
    "teilweise zu/trifft teils zu; stimme eher zu/trifft eher zu; stimme zu/trifft zu/trifft uberwiegend zu; stimme "
    "voll zu/stimme voll und ganz zu/stimme vollig zu/stimme stark zu/trifft voll zu/trifft voll und ganz zu/trifft "
    "vollig zu/trifft genau zu",
    "Häufigkeit": "nie/niemals/gar nicht; sehr selten/fast nie; selten/seltener; gelegentlich/ab und zu/hin und "
    "wieder; manchmal/teilweise; regelmassig; haufig/oft; meistens/sehr oft/sehr haufig; fast immer; immer/"
    "standig",
    "Grad": "gar nicht/uberhaupt nicht; wenig/kaum/eher nicht; etwas/teilweise/mittel/mittelmassig/teils teils; "
    "ziemlich/eher/uberwiegend; sehr/stark/voll und ganz; sehr stark",
    "Schulabschluss": "kein abschluss/ohne abschluss/kein schulabschluss/ohne schulabschluss; noch in der schule/"
    "schuler; volksschule/hauptschule/hauptschulabschluss/volks oder hauptschulabschluss; mittlere reife/realschule/"
    "realschulabschluss/mittlerer schulabschluss/mittlerer abschluss; ausbildung/berufsausbildung/lehre/"
    "abgeschlossene berufsausbildung/berufsausbildung lehre; fachhochschulreife/fachabitur; abitur/matura/"
    "hochschulreife/allgemeine hochschulreife/gymnasium; bachelor; hochschulabschluss/studium/hochschule/universitat/"
    "master/diplom/universitatsabschluss/master diplom/abgeschlossenes studium; promotion/doktor/"
    "doktorgrad",
    "Noten": "ungenugend; mangelhaft; ausreichend; befriedigend; gut; sehr gut",
    "accord": "pas du tout d'accord/pas d'accord du tout; pas d'accord; plutot pas d'accord/peu d'accord; ni "
    "d'accord ni pas d'accord/ni d'accord ni en desaccord/neutre/sans avis tranche/moyennement d'accord; plutot "
    "d'accord/assez d'accord; d'accord; tout a fait d'accord/completement d'accord",
    "fréquence": "jamais; presque jamais/tres rarement; rarement; de temps en temps/occasionnellement; parfois/"
    "quelquefois; regulierement; souvent; tres souvent; presque toujours/la plupart du temps; toujours/tout le "
    "temps",
    "degré": "pas du tout; un peu/peu/pas vraiment; moyennement/assez/plutot; beaucoup; enormement/tout a fait/"
    "totalement",
    "diplôme": "aucun diplome/sans diplome/aucun; certificat d'etudes/primaire/ecole primaire; brevet/college/bepc/"
    "brevet des colleges; cap/bep/cap ou bep/cap bep; baccalaureat/bac/lycee; bac + 2/bac +2/bts/dut/bts dut/deug; "
    "licence/bac + 3/bac +3/bachelor; maitrise; master/bac + 5/bac +5/grande ecole; doctorat/bac + 8/bac "
    "+8",
    "acuerdo": "totalmente en desacuerdo/muy en desacuerdo/completamente en desacuerdo; en desacuerdo; algo en "
    "desacuerdo/parcialmente en desacuerdo; ni de acuerdo ni en desacuerdo/neutral/indeciso/indiferente; algo de "
    "acuerdo/parcialmente de acuerdo; de acuerdo; totalmente de acuerdo/muy de acuerdo/completamente de "
    "acuerdo",
    "frecuencia": "nunca/jamas; casi nunca/muy rara vez; rara vez/raramente/pocas veces; ocasionalmente/de vez en "
    "cuando; a veces/algunas veces; regularmente; a menudo/frecuentemente/con frecuencia/muchas veces; casi siempre/"
    "la mayoria de las veces; siempre",
    "grado": "nada/en absoluto; poco/muy poco; algo/regular; bastante; mucho/totalmente",
    "estudios": "sin estudios/ninguno/ninguna; primaria/educacion primaria/primarios; secundaria/educacion "
    "secundaria/secundarios/eso; bachillerato/preparatoria/bachiller/educacion media; formacion profesional/tecnico/"
    "tecnica; universidad/universitaria/universitario/universitarios/licenciatura/grado/educacion superior/superior; "
    "posgrado/postgrado/maestria/master; doctorado",
    "concordância": "discordo totalmente/discordo completamente; discordo; discordo parcialmente/discordo em parte; "
    "nem concordo nem discordo/neutro/indiferente/nao concordo nem discordo; concordo parcialmente/concordo em "
    "parte; concordo; concordo totalmente/concordo completamente",
    "frequência": "nunca; quase nunca; raramente; as vezes/algumas vezes/ocasionalmente; frequentemente/muitas vezes/"
    "com frequencia; quase sempre; sempre",
    "accordo": "per niente d'accordo/totalmente in disaccordo/fortemente in disaccordo/completamente in disaccordo; "
    "in disaccordo/non d'accordo/poco d'accordo; ne d'accordo ne in disaccordo/neutrale/indifferente; abbastanza "
    "d'accordo; d'accordo; molto d'accordo/totalmente d'accordo/fortemente d'accordo/completamente d'accordo/"
    "pienamente d'accordo",
    "frequenza": "mai; quasi mai; raramente; qualche volta/a volte/talvolta; spesso; quasi sempre; sempre",
    "grado (it)": "per niente/per nulla; poco; abbastanza; molto; moltissimo",
    "eens": "helemaal mee oneens/helemaal niet mee eens/zeer mee oneens/zeer oneens/helemaal oneens; mee oneens/"
    "oneens/niet mee eens; niet mee eens niet mee oneens/niet eens niet oneens/neutraal/niet mee eens en niet mee "
    "oneens; mee eens/eens; helemaal mee eens/zeer mee eens/zeer eens/helemaal eens",
    "frequentie": "nooit; bijna nooit/zelden; soms/af en toe; regelmatig; vaak; meestal; bijna altijd; altijd",
    "zgoda": "zdecydowanie sie nie zgadzam/zdecydowanie nie zgadzam sie/zdecydowanie nie; nie zgadzam sie/raczej sie "
    "nie zgadzam/raczej nie zgadzam sie/raczej nie; ani sie zgadzam ani nie zgadzam/ani tak ani nie/ani sie zgadzam "
    "ani sie nie zgadzam/neutralnie/nie mam zdania; raczej sie zgadzam/raczej zgadzam sie/raczej tak; zgadzam sie; "
    "zdecydowanie sie zgadzam/zdecydowanie zgadzam sie/zdecydowanie tak",
    "częstość": "nigdy; prawie nigdy/bardzo rzadko; rzadko/rzadziej; czasami/czasem; czesto; bardzo czesto; prawie "
    "zawsze; zawsze",
    "wykształcenie": "brak/bez wyksztalcenia; podstawowe; gimnazjalne; zawodowe/zasadnicze zawodowe; srednie; "
    "policealne; licencjat/wyzsze licencjackie; wyzsze/magister/wyzsze magisterskie; doktorat",
    "согласие": "полностью не согласен/совершенно не согласен/категорически не согласен; не согласен/скорее не "
    "согласен; ни согласен ни не согласен/нейтрально/затрудняюсь; скорее согласен; согласен; полностью согласен/"
    "совершенно согласен",
    "частота": "никогда; почти никогда; редко; иногда; часто; почти всегда; всегда",
    "instämmer": "instammer inte alls/tar helt avstand; instammer inte/tar delvis avstand; varken eller/neutral; "
    "instammer delvis; instammer; instammer helt",
    "katılım": "kesinlikle katilmiyorum; katilmiyorum; kararsizim/ne katiliyorum ne katilmiyorum; katiliyorum; "
    "kesinlikle katiliyorum",
    "频率": "从不/从来不/从未/从没有; 几乎不/几乎从不/极少; 很少/较少; 偶尔; 有时/有时候; 经常/时常/常常; 几乎总是/"
    "频繁/非常频繁; 总是/一直",
    "学历": "小学/小学及以下/小学以下; 初中/初中及以下; 高中/中专/高中 中专/高中中专/高中及中专/高中及以下; 大专/专科; "
    "本科/大学/大学本科/本科及以上; 硕士/研究生/硕士及以上/研究生及以上; 博士/博士及以上",
    "頻度": "全くない/まったくない; ほとんどない; たまに/たまにある; 時々/ときどき; よく/よくある; いつも",
    "同意": "全くそう思わない/まったくそう思わない; そう思わない/あまりそう思わない; どちらともいえない; ややそう思う; "
    "そう思う; とてもそう思う/非常にそう思う",
    "الموافقة": "لا اوافق بشدة/لا اوافق ابدا/ارفض بشدة; لا اوافق/ارفض; محايد/لا اوافق ولا اعارض; اوافق; اوافق بشدة/"
    "اوافق تماما",
    "التكرار": "ابدا/لا ابدا/مطلقا; نادرا; احيانا; غالبا/كثيرا; دائما",
    "التعليم": "امي/بدون تعليم; ابتدائي/التعليم الابتدائي; اعدادي/متوسط; ثانوي/الثانوية; دبلوم; بكالوريوس/جامعي; "
    "ماجستير/دراسات عليا; دكتوراه",
}
YES = frozenset(map(plain, re.split(r"\W+", "ja oui si sim tak да evet 是 有 はい نعم nai ano igen da kylla "
                                     "wahr vrai verdadero vero waar prawda истина")))
NO = frozenset(map(plain, re.split(r"\W+", "nein non no nao nie nee nej нет hayir 否 没有 无 いいえ لا ne nem nu ei "
                                    "falsch faux falso onwaar falsz ложь")))
MAYBE = frozenset(map(plain, ("vielleicht", "teilweise", "peut etre", "tal vez", "quizas", "talvez",
    "forse", "misschien", "moze",
                   "byc moze", "возможно", "belki", "可能", "不一定", "ربما", "a veces", "parfois", "czesciowo")))

# How strong a word makes the adjective beside it; the base alone is 2
MODIFIERS: dict[str, float] = {
    plain(word): strength
    for strength, words in {
        4.0: "extremely|completely|totally|strongly|absolutely|highly|entirely|fully|exceptionally|severely|strong|"
        "vollig|ausserst|extrem|vollkommen|voll und ganz|absolut|uberaus|extremement|totalement|tout a fait|"
        "entierement|completement|totalmente|completamente|extremadamente|extremamente|sumamente|estremamente|del "
        "tutto|helemaal|volledig|uiterst|zdecydowanie|calkowicie|полностью|абсолютно|крайне|совершенно|kesinlikle|"
        "tamamen|极其|极度|极|完全|تماما|للغاية|بشدة",
        3.0: "very|much|sehr|besonders|tres|muy|molto|muito|zeer|heel|erg|bardzo|очень|mycket|meget|cok|非常|十分|很|"
        "とても|非常に|جدا",
        1.5: "quite|mostly|fairly|rather|pretty|ziemlich|uberwiegend|assez|bastante|abbastanza|dosc|behoorlijk|"
        "довольно|ganska|比较|较",
        1.2: "moderately|relatively|moyennement|mittelmassig|umiarkowanie|moderadamente|moderatamente",
        1.0: "somewhat|eher|plutot|algo|piuttosto|raczej|скорее|tamelijk|enigszins|etwas|parcialmente|ein wenig|"
        "いくらか|やや|الى حد ما",
        0.8: "slightly|a little|a bit|mildly|un peu|un poco|un po|um pouco|troche|немного|有点|有些|稍微|قليلا",
    }.items()
    for word in words.split("|")
}
# What of these words stands before an adjective makes it the lower side; “not very” is only just on it
NOT_AT_ALL = tuple(map(plain, ("not at all", "absolutely not", "uberhaupt nicht", "gar nicht", "pas du "
    "tout", "nada", "en absoluto",
              "per niente", "per nulla", "nem um pouco", "helemaal niet", "wcale nie", "совсем не", "вообще не",
              "inte alls", "完全不", "一点也不", "全く", "ليس ابدا", "على الاطلاق")))
NOT_VERY = tuple(map(plain, ("not very", "not too", "not so", "not that", "not particularly", "not really",
    "not much", "hardly", "barely",
            "only slightly", "nicht sehr", "nicht so", "nicht besonders", "weniger", "wenig", "kaum", "pas tres",
            "pas vraiment", "peu", "no muy", "poco", "pouco", "niet zo", "niet erg", "weinig", "nie bardzo",
            "не очень", "inte sarskilt", "不太", "不怎么", "あまり", "ليس جدا")))
NOT = tuple(map(plain, ("not", "nicht", "pas", "no", "non", "nao", "niet", "nie", "не", "inte", "ikke",
    "不", "没", "غير",
       "لا", "ليس")))
OPPOSITE_BEGINNINGS = ("un", "dis", "in", "im", "ir", "des", "mal", "miss", "mis", "nie", "on", "не", "o", "不")
NEUTRAL = re.compile(
    r"(neither|neutral|undecided|indifferent|average|medium|moderate|middle|intermediate|mixed|so so|okay|ok|fair|"
    r"acceptable|teils|weder|mittel|mittelmassig|durchschnittlich|unentschieden|befriedigend|ausreichend|ni|neutre|"
    r"moyen|moyenne|passable|neutro|regular|normal|indiferente|aceptable|medio|media|ne|neutrale|nem|razoavel|"
    r"neutraal|noch|gemiddeld|redelijk|ani|srednio|varken|удовлетворительно|محايد|متوسط|مقبول)\b|przecietn|sredni|"
    r"neutraln|нейтральн|средн|нормальн|一般|中立|普通|中等|不确定|どちら"
)
# The lower one of two adjectives, and the higher one in whose place it stands
OPPOSITES: dict[str, str] = {
    plain(lower): plain(higher)
    for pair in (
        "bad poor poorly badly terrible>good", "low>high", "difficult hard>easy", "dangerous>safe",
        "negative>positive",
        "weak>strong", "slow>fast", "oppose against>support", "hate>love", "dislike>like", "liberal>conservative",
        "left>right", "cold>hot", "sad>happy", "schlecht>gut", "niedrig gering>hoch",
        "schwierig schwer>einfach", "gefahrlich>sicher", "negativ>positiv", "links>rechts", "langsam>schnell",
        "mauvais>bon", "mauvaise>bonne", "mauvaises>bonnes", "mal>bien", "faible bas>eleve", "difficile>facile",
        "dangereux>sur", "negatif>positif", "gauche>droite", "malo>bueno", "mala>buena", "malos>buenos",
        "malas>buenas",
        "bajo>alto", "baja>alta", "dificil>facil", "negativo>positivo", "izquierda>derecha", "inseguro>seguro",
        "male>bene", "cattivo>buono", "pessimo>ottimo", "scarso>buono", "basso>alto", "ruim>bom", "baixo>alto",
        "slecht>goed", "laag>hoog", "moeilijk>makkelijk", "zle>dobrze", "zly>dobry", "zla>dobra", "niski>wysoki",
        "trudne>latwe", "плохо>хорошо", "плохое>хорошее", "плохой>хороший", "плохая>хорошая", "daligt>bra",
        "dalig>bra",
        "kotu>iyi", "反对>同意", "反對>同意", "差>好", "低>高", "难>容易", "坏>好", "سيء سيئ>جيد",
        "سيئة>جيدة", "صعب>سهل",
        "منخفض>مرتفع", "معارض>موافق",
    )
    for lowers, _, higher in (pair.partition(">"),)
    for lower in lowers.split()
}
UNITS: dict[str, float] = {
    plain(word): times
    for times, words in {
        8760.0: "hour stunde heure hora ora uur godzine godziny час",
        365.0: "day daily tag tage taglich jour jours quotidiennement quotidien dia dias diario diariamente giorno "
        "giorni dag dagelijks dzien dni dziennie codziennie день дня ежедневно gun 天 日 يوم يوميا",
        52.0: "week weekly woche wochen wochentlich semaine semaines hebdomadaire semana semanas semanal "
        "semanalmente settimana settimane tydzien tygodniu tygodnia tygodniowo неделю неделя еженедельно vecka hafta "
        "周 週 星期 اسبوع اسبوعيا الاسبوع",
        12.0: "month monthly monat monate monatlich mois mensuellement mes meses mensual mensualmente mese maand "
        "maandelijks miesiac miesiacu miesiaca miesiecznie месяц ежемесячно manad ay 月 شهر شهريا الشهر",
        4.0: "quarter quartal trimestre kwartal 季度",
        1.0: "year yearly annually jahr jahre jahrlich an ans annee ano anos anno anni jaar jaarlijks rok roku "
        "rocznie год ежегодно ar yil 年 سنة سنويا السنة",
    }.items()
    for word in words.split()
}
COUNTS: dict[str, int] = {
    plain(word): number
    for number, words in {
        0: "no none never zero nie niemals jamais nunca mai nooit nigdy никогда",
        1: "once one a an every each per single einmal ein eine jede jeden jedes une un chaque una cada ogni un een "
        "elke raz kazdego co один раз каждый 一 每 مرة كل",
        2: "twice two couple zweimal zwei deux dos due twee dwa два две 两 二 مرتين",
        3: "three few drei trois tres tre drie trzy kilka pare paar quelques algunas alcune три несколько 三 几 数 "
        "عدة",
        4: "four several multiple many vier quatre cuatro quattro mehrmals mehrere plusieurs varias varios piu "
        "meerdere 四 多",
        5: "five funf cinq cinco cinque vijf piec 五", 6: "six sechs seis sei zes szesc 六", 7: "seven 七",
        8: "eight 八",
        9: "nine 九", 10: "ten zehn dix diez dieci tien 十",
    }.items()
    for word in words.split()
}
NEVER = tuple(map(plain, ("never", "not at all", "none", "nie", "niemals", "jamais", "nunca", "mai",
    "nooit", "nigdy", "никогда", "aldrig",
         "从不", "从来不", "从未", "ابدا")))
SELDOM = tuple(map(plain, ("rarely", "seldom", "less often", "less frequently", "less", "seltener",
    "selten", "moins souvent", "rarement",
          "menos", "con menos frecuencia", "menos a menudo", "rara vez", "raramente", "di rado", "meno spesso",
          "minder vaak", "zelden", "rzadziej", "rzadko", "реже", "редко", "很少", "更少", "نادرا")))
LESS = (r"\b(under|below|lt|less|fewer|up to|younger|unter|bis|bis zu|weniger|moins|jusqu|menos|menor|menores|hasta|"
    r"meno|fino|ate|minder|tot|mniej|ponizej|do|менее|до|младше|اقل|تحت)\b|<|or less|以下|以内|不到|未満")
MORE = (r"\b(more than|over|above|older|mehr als|uber|ab|alter|alter als|plus|mas|mayor|mayores|oltre|piu|mais|acima|"
        r"ouder|meer|boven|powyzej|wiecej|i wiecej|более|свыше|старше|и старше|فاكثر|فوق|اكثر)\b|>|\+|or more|以上|"
        r"超过")
# Headings of what others may know about a person
PERSONAL = (
    r"alter|wie alt|geburtsjahr|geschlecht|einkommen|nettoeinkommen|bildung|schulabschluss|bundesland|beruf|"
    r"familienstand|staatsangehorigkeit|age|sexe|genre|revenu|revenus|diplome|profession|situation familiale|edad|"
    r"genero|sexo|ingresos|estudios|estado civil|ocupacion|profesion|idade|renda|escolaridade|estado civil|eta|sesso|"
    r"genere|reddito|titolo di studio|leeftijd|geslacht|inkomen|opleiding|wiek|plec|wyksztalcenie|dochod|zawod|"
    r"возраст|пол|доход|образование|cinsiyet|yas|الجنس|العمر|الدخل|التعليم|الحالة الاجتماعية|المهنة"
)
PERSONAL_SIGNS = r"性别|年龄|学历|收入|职业|婚姻|年齢|性別|収入"
# Headings of what people write in their own words
OPEN = (
    r"sonstige[rs]?|sonstiges|bitte angeben|kommentare?|anmerkung(en)?|bemerkung(en)?|anregungen|vorschlage|autre|"
    r"autres|precisez|commentaires?|remarques?|suggestions|otro|otra|otros|especifique|comentarios?|sugerencias|"
    r"outro|outra|altro|specificare|commenti|anders|opmerkingen|inne|uwagi|komentarz|другое|комментари[йи]|ملاحظات|"
    r"اخرى|اقتراحات"
)
OPEN_SIGNS = r"建议|意见|其他|备注|ご意見|その他"
NAMED = (
    r"vorname|nachname|familienname|prenom|nom de famille|votre nom|nombre completo|apellidos?|correo|telefono|"
    r"telefon|telephone|cognome|nome completo|sobrenome|achternaam|imie|nazwisko|adresse|direccion|indirizzo|"
    r"endereco|adres|фамилия|имя|телефон|الاسم|البريد الالكتروني|الهاتف|رقم الهاتف"
)
NAMED_SIGNS = r"姓名|电话|手机|邮箱|地址|身份证|来自IP|氏名|電話"
SKIPPED = (
    "keine angabe|keine antwort|k a|ka|mochte ich nicht sagen|mochte ich nicht beantworten|verweigert|antwort "
    "verweigert|ne souhaite pas repondre|refus|ne se prononce pas|nspp|prefere ne pas repondre|je prefere ne pas "
    "repondre|prefiero no decirlo|prefiero no responder|prefiero no contestar|no contesta|no responde|prefiro nao "
    "responder|nao responde|nao respondeu|preferisco non rispondere|non risponde|zeg ik liever niet|wil ik niet "
    "zeggen|geen antwoord|odmowa odpowiedzi|odmowa|brak odpowiedzi|wole nie odpowiadac|отказ|отказ от ответа|нет "
    "ответа|vill ej svara|不愿透露|不愿意透露|不愿回答|不愿意回答|拒绝回答|拒答|不想说|保密|不方便透露|無回答|"
    "答えたくない|افضل عدم الاجابة|رفض الاجابة|لا ارغب في الاجابة"
)
CANT_SAY = (
    "weiss nicht|weiss ich nicht|kann ich nicht sagen|kann ich nicht beurteilen|keine meinung|ne sait pas|nsp|je ne "
    "sais pas|sans opinion|sans avis|no se|no lo se|no sabe|sin opinion|nao sei|nao sabe|sem opiniao|non so|non "
    "saprei|non sa|nessuna opinione|weet niet|weet ik niet|geen mening|nie wiem|trudno powiedziec|не знаю|"
    "затрудняюсь ответить|трудно сказать|vet ej|vet inte|ingen asikt|bilmiyorum|fikrim yok|不知道|不清楚|说不清|"
    "不了解|わからない|分からない|لا اعرف|لا ادري|غير متاكد"
)
NOT_APPLICABLE = (
    "nicht zutreffend|nicht anwendbar|entfallt|trifft nicht zu auf mich|trifft auf mich nicht zu|betrifft mich nicht|"
    "sans objet|non applicable|ne s'applique pas|non concerne|non concernee|pas concerne|pas concernee|no aplica|no "
    "me aplica|no procede|non applicabile|nao se aplica|nao aplicavel|niet van toepassing|n.v.t|nvt|nie dotyczy|"
    "不适用|لا ينطبق"
)
