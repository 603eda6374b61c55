// @ts-check
/**
 * The sentence that stands where not even the words of the form arrived, by primary language.
 *
 * A file of its own: the loader fetches it once the page has nothing better to do, since a network that has gone could not
 * bring it any more. `cargo xtask tidy` holds it against the catalogs of the definition.
 */

/** @type {Record<string, string>} */
const UNAVAILABLE = {
  bg: 'В момента този формуляр не е достъпен.',
  cs: 'Tento formulář není v tuto chvíli dostupný.',
  da: 'Denne formular er ikke tilgængelig i øjeblikket.',
  de: 'Dieses Formular ist zurzeit nicht verfügbar.',
  el: 'Αυτή η φόρμα δεν είναι διαθέσιμη αυτή τη στιγμή.',
  en: 'This form is not available at the moment.',
  es: 'Este formulario no está disponible en este momento.',
  et: 'See vorm ei ole praegu kättesaadav.',
  fi: 'Tämä lomake ei ole juuri nyt käytettävissä.',
  fr: 'Ce formulaire n’est pas disponible pour le moment.',
  ga: 'Níl an fhoirm seo ar fáil faoi láthair.',
  hr: 'Ovaj obrazac trenutačno nije dostupan.',
  hu: 'Ez az űrlap jelenleg nem érhető el.',
  it: 'Al momento questo modulo non è disponibile.',
  lt: 'Šiuo metu ši forma neprieinama.',
  lv: 'Šī veidlapa pašlaik nav pieejama.',
  mt: 'Bħalissa din il-formola mhijiex disponibbli.',
  nl: 'Dit formulier is op dit moment niet beschikbaar.',
  pl: 'Ten formularz jest w tej chwili niedostępny.',
  pt: 'De momento, este formulário não está disponível.',
  ro: 'Acest formular nu este disponibil în acest moment.',
  sk: 'Tento formulár momentálne nie je dostupný.',
  sl: 'Ta obrazec trenutno ni na voljo.',
  sv: 'Det här formuläret är inte tillgängligt just nu.',
};

/** @param {string} language a tag, or several with commas between, the best first @returns {string | undefined} */
export const unavailable = (language) =>
  language
    .split(',')
    .map((tag) => UNAVAILABLE[tag.slice(0, 2).toLowerCase()])
    .find(Boolean);
