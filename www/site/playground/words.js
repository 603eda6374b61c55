// @ts-check
/**
 * The words of the playground in its two languages. English sentences that stand in the page are read from it; here is
 * what scripts write, and all of French. A word that is missing is an error, never a blank.
 */

/** @typedef {'en' | 'fr'} Speech */

/** @type {Record<Speech, Record<string, string>>} */
const WORDS = {
  en: {
    good: 'Nothing to mend',
    problem: '1 problem',
    someProblems: '{count} problems',
    oneWarning: '1 warning',
    someWarnings: '{count} warnings',
    oneNote: '1 note',
    someNotes: '{count} notes',
    checking: 'Checking…',
    at: 'Line {line}, column {column}',
    error: 'Error',
    warning: 'Warning',
    note: 'Note',
    auto: 'Auto',
    light: 'Light',
    dark: 'Dark',
    shadow: 'Shadow',
    lightDom: 'Light DOM',
    full: 'Full',
    own: 'Your own',
    'preset.ebook-rgpd': 'Ebook gate',
    'preset.webinar-b2b': 'Webinar, B2B',
    'preset.newsletter': 'Newsletter',
    'preset.callback': 'Callback by phone',
    'preset.all-fields': 'Every kind of field',
    noPresets: 'No form is served here',
    unreadable: 'The file could not be read.',
    tooLarge: 'The file is larger than 1 MB, which no definition is.',
    failed: 'The form cannot be shown: {reason}',
    recorded: 'The record of this submission',
    stopped: 'Made and signed here, and stopped before it left the page.',
    choices: 'What was chosen',
    purpose: 'Purpose',
    basis: 'Basis',
    status: 'Status',
    received: 'What your page receives',
    receivedHow: 'The detail of the event candor-submit. Under each purpose stand only the values that may be used for it.',
    payload: 'What is signed',
    payloadHow: 'No personal value stands in it: they are salted digests, opened by the disclosures.',
    signatures: 'Signatures',
    matches: 'The signature matches the record (ES256, by the key that it carries).',
    differs: 'The signature does not match the record.',
    countersigned: 'The second signature, the controller’s, is the collector’s answer to a real submission.',
    signature: 'Signature',
    disclosures: 'Disclosures',
    disclosuresHow: 'Salt, field and value of each digest. They travel beside the record and are deleted with the lead.',
    saveRecord: 'Download the record',
    copy: 'Copy',
    copied: 'Copied',
    selected: 'Selected: press Ctrl C',
    policy: 'Content security policy',
    policySame: 'For a page on the same site as the collector:',
    policyOther: 'For a page on another site than the collector. Start the collector with --origin and the address of that site:',
    policyManaged: 'If a policy of yours is in force, it has to allow this much for the form:',
    'html.page': 'Where the form belongs. The script may stand there or in the head, once for all forms of the page.',
    'react.install': 'Once',
    'react.component': 'A component, rendered on the server too',
    'vue.config': 'vite.config.js: the tag is an element of the page, not a component',
    'vue.component': 'A single-file component',
    'wordpress.functions': 'functions.php of the theme, or a plugin.',
    'wordpress.block': 'In the page, as a Shortcode block. Administrators and editors can put the HTML snippet into a Custom HTML block instead; WordPress takes scripts away from authors.',
    'hubspot.head': 'Settings of the page, Advanced, Head HTML',
    'hubspot.body': 'In the page, as an HTML module',
    'webflow.head': 'Settings of the page, Custom code, inside the head tag',
    'webflow.body': 'In the page, as a Code Embed element',
  },
  fr: {
    title: 'Éditeur · Candor',
    skip: 'Aller à l’établi',
    heading: 'Écrivez le formulaire. Voyez ce qu’il prouve.',
    lead: 'Un fichier JSON décrit un formulaire de contact. Modifiez‑le à gauche, utilisez‑le à droite : le même compilateur, le même élément, le même enregistrement signé que sur votre site.',
    promise: 'Tout se passe dans cette page. Rien n’est envoyé, rien n’est gardé sur votre appareil.',
    definition: 'Définition',
    startFrom: 'Partir de',
    open: 'Ouvrir un fichier',
    save: 'Télécharger',
    editor: 'Définition, JSON',
    keys: 'Ctrl Espace complète d’après le schéma. F8 va au problème suivant. Tab quitte l’éditeur.',
    problems: 'Problèmes',
    result: 'Ce que cela devient',
    form: 'Formulaire',
    record: 'Enregistrement',
    embed: 'Intégrer',
    language: 'Langue',
    theme: 'Thème',
    render: 'Rendu',
    width: 'Largeur',
    stale: 'Le formulaire ci‑dessous est le dernier qui était sans problème.',
    recordEmpty: 'Pas encore d’enregistrement',
    recordHow: 'Remplissez le formulaire et appuyez sur son bouton. L’enregistrement est établi et signé comme sur une vraie page, puis arrêté avant de partir.',
    toForm: 'Aller au formulaire',
    embedHow: 'Avec la langue, le thème et le rendu choisis sous Formulaire.',
    platform: 'Où il va',
    collector: 'Adresse de votre collecteur',
    foot: 'Ce que la vérification dit d’un formulaire est un diagnostic, pas un conseil juridique. Acme Conseil et ses partenaires sont fictifs.',
    more: 'Voir aussi',
    schema: 'Schéma JSON',
    demo: 'Démonstration',
    licences: 'Licences',
    good: 'Rien à corriger',
    problem: '1 problème',
    someProblems: '{count} problèmes',
    oneWarning: '1 avertissement',
    someWarnings: '{count} avertissements',
    oneNote: '1 remarque',
    someNotes: '{count} remarques',
    checking: 'Vérification…',
    at: 'Ligne {line}, colonne {column}',
    error: 'Erreur',
    warning: 'Avertissement',
    note: 'Remarque',
    auto: 'Auto',
    light: 'Clair',
    dark: 'Sombre',
    shadow: 'Shadow',
    lightDom: 'Light DOM',
    full: 'Pleine',
    own: 'Le vôtre',
    'preset.ebook-rgpd': 'Guide à télécharger',
    'preset.webinar-b2b': 'Webinaire B2B',
    'preset.newsletter': 'Lettre d’information',
    'preset.callback': 'Rappel téléphonique',
    'preset.all-fields': 'Tous les types de champs',
    noPresets: 'Aucun formulaire n’est servi ici',
    unreadable: 'Le fichier n’a pas pu être lu.',
    tooLarge: 'Le fichier dépasse 1 Mo : aucune définition n’est si longue.',
    failed: 'Le formulaire ne peut pas être affiché : {reason}',
    recorded: 'L’enregistrement de cet envoi',
    stopped: 'Établi et signé ici, puis arrêté avant de quitter la page.',
    choices: 'Ce qui a été choisi',
    purpose: 'Finalité',
    basis: 'Base',
    status: 'État',
    received: 'Ce que votre page reçoit',
    receivedHow: 'Le détail de l’événement candor-submit. Sous chaque finalité ne se trouvent que les valeurs qui peuvent servir à elle.',
    payload: 'Ce qui est signé',
    payloadHow: 'Aucune valeur personnelle n’y figure : ce sont des empreintes salées, que les divulgations ouvrent.',
    signatures: 'Signatures',
    matches: 'La signature correspond à l’enregistrement (ES256, par la clé qu’elle porte).',
    differs: 'La signature ne correspond pas à l’enregistrement.',
    countersigned: 'La seconde signature, celle du responsable, est la réponse du collecteur à un envoi réel.',
    signature: 'Signature',
    disclosures: 'Divulgations',
    disclosuresHow: 'Le sel, le champ et la valeur de chaque empreinte. Elles voyagent à côté de l’enregistrement et sont effacées avec le contact.',
    saveRecord: 'Télécharger l’enregistrement',
    copy: 'Copier',
    copied: 'Copié',
    selected: 'Sélectionné : appuyez sur Ctrl C',
    policy: 'Politique de sécurité du contenu',
    policySame: 'Pour une page du même site que le collecteur :',
    policyOther: 'Pour une page d’un autre site que le collecteur. Démarrez le collecteur avec --origin et l’adresse de ce site :',
    policyManaged: 'Si une politique est en vigueur chez vous, elle doit permettre ceci pour le formulaire :',
    'html.page': 'Là où va le formulaire. Le script peut s’y trouver ou être dans l’en‑tête, une fois pour tous les formulaires de la page.',
    'react.install': 'Une fois',
    'react.component': 'Un composant, rendu aussi côté serveur',
    'vue.config': 'vite.config.js : la balise est un élément de la page, pas un composant',
    'vue.component': 'Un composant monofichier',
    'wordpress.functions': 'functions.php du thème, ou une extension.',
    'wordpress.block': 'Dans la page, comme bloc Code court. Administrateurs et éditeurs peuvent aussi mettre l’extrait HTML dans un bloc HTML personnalisé ; aux auteurs, WordPress retire les scripts.',
    'hubspot.head': 'Paramètres de la page, Avancé, HTML de l’en‑tête',
    'hubspot.body': 'Dans la page, comme module HTML',
    'webflow.head': 'Paramètres de la page, Custom code, dans la balise head',
    'webflow.body': 'Dans la page, comme élément Code Embed',
  },
};

/** @type {Speech} */
let speech = 'en';

/** @returns {Speech} */
export const spoken = () => speech;

/** One sentence, its braces filled. @param {string} key @param {Record<string, string | number>} [values] */
export function word(key, values = {}) {
  const text = WORDS[speech][key];
  if (text === undefined) throw new Error(`no word ${key} in ${speech}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** The language that the address asks for, or else the reader's. @returns {Speech} */
export function wanted() {
  const asked = [new URLSearchParams(location.search).get('lang'), ...navigator.languages];
  const known = asked.map((tag) => tag?.slice(0, 2)).find((tag) => tag === 'en' || tag === 'fr');
  return known === 'fr' ? 'fr' : 'en';
}

/** Puts the page's own sentences into a language. @param {Speech} to */
export function speak(to) {
  speech = to;
  document.documentElement.lang = to;
  for (const header of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('header.site'))) header.hidden = header.lang !== to;
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-word]'))) {
    const key = element.dataset.word ?? '';
    WORDS.en[key] ??= element.textContent ?? '';
    element.textContent = word(key);
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-label]'))) {
    const key = element.dataset.label ?? '';
    WORDS.en[key] ??= element.getAttribute('aria-label') ?? '';
    element.setAttribute('aria-label', word(key));
  }
}
