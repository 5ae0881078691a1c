"""What masks and context words of the four other languages must not hide, and what they must: each mask was asked which real sign it fits. By rules alone."""

from __future__ import annotations

import pytest

from safety import backstop
from safety.assess import assess
from safety.types import Tier, Turn


@pytest.fixture(autouse=True)
def _rules_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backstop, "score", lambda *_: None)


SIGNS = {
    "de": [
        "merke am Po gar nichts beim Anfassen",
        "beide Beine seit dem Knacks halb tot",
        "untenrum wie unter Strom seit dem Heben",
        "Enge in der Brust, zieht hoch bis in den Kiefer",
        "die taube Haut am Damm ist seit Montag so",
        "hab gemerkt dass ich seit heute nicht mehr pinkeln kann",
        "und wenn ich mich abputze merk ich nix",
        "ohne Witz, kein Scherz taub im Schritt",
        "falls das wichtig ist: kein Gefühl beim Wasserlassen",
        "kann mich seit heute nicht mehr auf den Beinen halten, beide wie Gummi",
        "mein rechter Vorfuß schleift beim Gehen",
        "Kraft im linken Bein ist seit gestern weg",
        "plötzliche Schwäche im rechten Arm, Nacken steif",
        "Fuß ist immer noch taub, der Rücken ist wieder gut",
        "linker Zeh taub, hab schlecht geschlafen deswegen",
    ],
    "es": [
        "tengo adormecido todo el ano y la zona de los huevos",
        "no siento el culo en la silla desde el tirón de espalda",
        "soy un tío de 33 años y se me ha dormido la ingle entera",
        "en la clase de zumba me dio opresión en el pecho",
        "por si ayuda: el pene lo tengo insensible desde anoche",
        "hace mucho que no noto el papel al limpiarme",
        "el acorchamiento pasó a la otra pierna en una semana",
        "a mi novia se le cayó media cara y no habla bien",
        "no puedo mantenerme de pie desde esta mañana",
        "me cagué en el coche y ni lo noté",
        "se me fue la fuerza del pie derecho y desde ayer lo arrastro",
        "se me quitó la ciática y la punta del pie no sube",
        "la pierna derecha muy floja en cuestión de días",
        "me caí y ya no siento los dedos de la mano derecha",
        "pie dormido y frío del lado izquierdo, va a peor",
    ],
    "fr": [
        "un quart d'heure après le terre, les deux jambes engourdies",
        "barre à 210 kg mardi, depuis l'entrejambe reste insensible",
        "ma cousine a le périnée endormi depuis sa séance",
        "je sens plus mes fessiers quand je m'assieds sur les toilettes",
        "les couilles à moitié anesthésiées depuis le rowing",
        "j'ai aucun contrôle de mes sphincters",
        "à 33 ans, poitrine qui serre à chaque marche",
        "symptômes d'hier soir: périnée endormi, jet faible",
        "j'ai peur de l'opération, le périnée est engourdi",
        "je sens plus mes jambes après l'accident de moto",
        "hier tout allait, ce matin je relève plus le pied droit",
        "la force du poignet n'est jamais revenue, la main tombe",
        "ça ne passe pas, le mollet gauche est endormi",
        "le dos est guéri, le gros orteil reste insensible",
        "quand je bouge ça part des reins et descend dans la cuisse et le mollet",
    ],
    "pt": [
        "não sinto a bunda no assento do metrô desde o terra",
        "o saco ficou morto depois da hérnia, nem sinto a cueca",
        "do quadril pra baixo tá tudo anestesiado",
        "não é exagero, xixi não sai desde cedo",
        "controle da bexiga sumiu depois do agachamento",
        "evacuei na calça sem notar",
        "operada em 2018, agora virilha formigando",
        "vendo série as duas pernas adormeceram e não voltam",
        "minha cara repuxou pro lado direito",
        "sinto o peito apertando no meio do supino",
        "não sinto minhas pernas depois que caí da barra fixa",
        "a dor sumiu, só que meu pé fica pendurado",
        "a perna esquerda está mais fraca que a direita desde o estalo",
        "ontem tava tudo bem, hoje a ponta do pé não levanta",
        "com 42 anos e dedos do pé dormentes há semanas",
    ],
}
HARMLESS = {
    "de": [
        "spür den Po beim Hip Thrust kaum, nur die Oberschenkel",
        "bin nach dem Training komplett tot, war geil",
        "stehe vor dem Wettkampf total unter Strom",
        "das Gelaber im Gym geht mir voll auf den Sack",
        "bin im Lockout schwach, Trizeps zu schwach fürs Gewicht?",
        "Brust raus, Kopf hoch und Knie nach außen drücken",
        "auf dem Arm gelegen, Hand eingeschlafen, geschüttelt und wieder gut",
        "hatte früher mal Ischias, seit Jahren nichts mehr",
        "hab vor Lachen fast in die Hose gepinkelt",
        "weder Kribbeln noch Taubheit noch Schwäche, alles gut",
    ],
    "es": [
        "estoy hasta los huevos de las búlgaras",
        "no siento los glúteos en la máquina de abducción",
        "el wod de hoy me dejó muerto",
        "press militar de pie, no puedo con más peso",
        "pecho arriba y escápulas atrás en banca",
        "mi brazo izquierdo siempre ha sido más débil",
        "me cago en la leche, qué agujetas",
        "agujetas en los cuádriceps, hormigueo no, fiebre tampoco",
        "no me sale nada en arrancada hoy",
        "entreno todo el año sin descanso, ¿es mucho?",
    ],
    "fr": [
        "je sens pas mes fessiers au hip thrust, que les ischios",
        "je suis complètement mort après ces fentes",
        "failli me pisser dessus de rire à la salle",
        "mains endormies par les straps, je desserre et ça repart",
        "garde les pieds à plat et la poitrine haute au squat",
        "bras gauche plus faible que le droit, deux kilos d'écart au curl",
        "sciatique à la fac en 2012, jamais revenue",
        "peut-on faire du soulevé avec une hernie en général ?",
        "je perds le contrôle de la descente au bench",
        "c'est le pied cette nouvelle barre",
    ],
    "pt": [
        "elevação pélvica com 80 kg e não sinto o glúteo",
        "não sinto as pernas depois da aula de spinning kkk",
        "sai morto do treino de hoje",
        "meu braço direito é mais fraco que o esquerdo na rosca",
        "perdi força explosiva depois das férias",
        "como posicionar os pés no levantamento terra?",
        "medo de travar a coluna no terra, como evito lesão",
        "montar essa planilha me deu dor de cabeça, cálculo demais",
        "mão dormente de dormir torto, passou em dois minutos",
        "cara, a barra caiu e quase me mijei de rir",
    ],
}


@pytest.mark.parametrize("text", [text for texts in SIGNS.values() for text in texts])
def test_no_mask_hides_a_sign(text: str) -> None:
    """The words of an idiom beside a real sign, an old date beside a new one, a question, a greeting."""
    assert assess([Turn(text)])[0].tier >= Tier.REFER


@pytest.mark.parametrize("text", [text for texts in HARMLESS.values() for text in texts])
def test_idiom_and_history_stay_harmless(text: str) -> None:
    """The twins: gym talk, what is over, who asks out of interest."""
    assert assess([Turn(text)])[0].tier < Tier.REFER
