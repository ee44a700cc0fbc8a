import type { Window } from '../../../shared/calendar/calendar.ts';
import type { FilterSchedule } from '../../../shared/profile/web-filter.ts';
import type { PageWords } from './en.ts';
import { help } from './help-es.ts';
import { looks } from './looks-es.ts';
import { recordReads } from './record-reads-es.ts';

const language = { page: 'es', times: 'es-US', name: 'Español', switch: 'Idioma' };

const list = (items: readonly string[]) => new Intl.ListFormat(language.page).format(items);

const levels: PageWords['levels'] = {
  full: {
    short: 'los nombres de todos los sitios',
    long: 'Los nombres de todos los sitios que se abren, y cuántas veces.',
  },
  blocked: {
    short: 'los nombres de los sitios bloqueados',
    long: 'Los nombres de los sitios bloqueados, y cuántas veces. Los demás sitios solo se cuentan.',
  },
  counts: { short: 'solo números', long: 'Números por tipo de sitio. Ningún nombre de sitios.' },
  none: { short: 'nada', long: 'Nada.' },
};

const dayNames = {
  monday: 'lunes',
  tuesday: 'martes',
  wednesday: 'miércoles',
  thursday: 'jueves',
  friday: 'viernes',
  saturday: 'sábados',
  sunday: 'domingos',
};

const windows = {
  always: 'a toda hora',
  'school-hours': 'en horario escolar',
  'outside-school-hours': 'fuera del horario escolar',
  'school-days': 'en días de clases',
  'days-off': 'en días sin clases',
  freeze: 'en días de exámenes',
};

function windowWords(when: Window): string {
  switch (when.kind) {
    case 'periods':
      return `en ${list(when.periods)}`;
    case 'times': {
      const days = when.days.length === 7 ? 'todos los días' : `los ${list(when.days.map((day) => dayNames[day]))}`;
      return `${days} de ${when.from} a ${when.to}${when.schoolDaysOnly ? ' si hay clases' : ''}`;
    }
    default:
      return windows[when.kind];
  }
}

/** Spanish as schools of the United States write it to students and staff. */
export const es: PageWords = {
  language,
  levels,
  timeWords: {
    tomorrow: 'mañana',
    yesterday: 'ayer',
    today: 'hoy',
    onDay: (day, time) => `${day}, ${time}`,
  },
  block: {
    title: (name) => `${name} está bloqueado`,
    heading: 'Este sitio está bloqueado',
    locked: (category) =>
      `Está en la lista «${category}». Los dispositivos de la escuela nunca abren estos sitios, a ninguna hora ni en ningún lugar.`,
    district: 'Tu distrito escolar lo puso en su propia lista de sitios bloqueados.',
    category: (category) => `Está en la lista «${category}», que está bloqueada en este dispositivo.`,
    schedule: (title) => `La regla de horario «${title}» lo bloquea ahora.`,
    scheduleUntil: (title, until) => `La regla de horario «${title}» lo bloquea hasta ${until}.`,
    closed: (by, until) => `${by} lo cerró para ti hasta ${until}.`,
    only: (by, until) => `Hasta ${until} solo se abren los sitios que eligió ${by}.`,
    givenReason: (reason) => `El motivo que dio: «${reason}»`,
    noLists:
      'El filtro web perdió sus listas, así que solo se abren los sitios más importantes. Las está cargando otra vez.',
    leadsTo: (other) => `Lleva a ${other}, y eso está bloqueado.`,
    noUntil: 'hasta que alguien cambie la regla',
    rule: 'Regla',
    list: 'Lista',
    setBy: 'Puesta por',
    untilWhen: 'Vale',
    untilTime: (until) => `hasta ${until}`,
  },
  ask: {
    heading: '¿Lo necesitas para la escuela?',
    lockedHeading: '¿Está en esa lista por error?',
    lockedLead:
      'Nadie en la escuela puede abrir este tipo de sitio. Pero un sitio puede estar en la lista por error: explica por qué lo crees.',
    label: '¿Por qué necesitas este sitio?',
    lockedLabel: '¿Por qué es un error?',
    hint: 'El personal de la escuela leerá esto con tu nombre y el nombre del sitio.',
    within: (hours) => `Deciden en ${hours === 1 ? '1 hora' : `${hours} horas`}.`,
    button: 'Pedir que lo abran',
    lockedButton: 'Avisar de un error',
    again: 'Pedirlo otra vez',
    contact: (contact) => `También puedes preguntar aquí: ${contact}.`,
  },
  problems: {
    tooShort: 'Escribe un poco más: al menos 5 caracteres.',
    tooLong: 'Es demasiado largo: caben 500 caracteres como máximo.',
    tooOften: 'Has preguntado muchas veces. Espera una hora, o habla con alguien de la escuela.',
    tooOftenForName: 'Hoy ya pediste este sitio tres veces. Espera la respuesta, o habla con alguien de la escuela.',
    stalePage: 'Esta página estuvo abierta demasiado tiempo, así que tu pregunta no se envió. Envíala otra vez.',
    notSaved:
      'Tu pregunta no se pudo guardar en este dispositivo. Inténtalo otra vez, o habla con alguien de la escuela.',
    notBlocked: 'Este sitio ya no está bloqueado.',
  },
  states: {
    waiting: 'Pediste este sitio. El personal de la escuela todavía no ha decidido.',
    waitingHere: 'Puedes dejar esta página abierta: abre el sitio por sí sola cuando digan que sí.',
    granted: 'El personal de la escuela dijo que sí.',
    grantOver:
      'El personal de la escuela dijo que sí antes. Ahora está bloqueado otra vez: se acabó el tiempo, o lo bloquea otra regla.',
    refused: 'El personal de la escuela dijo que no.',
    expired: 'Nadie respondió a tiempo.',
    reason: (reason) => `Escribieron: «${reason}»`,
    askedAt: (time) => `Pedido: ${time}`,
    decidedAt: (time) => `Respondido: ${time}`,
    short: { waiting: 'en espera', granted: 'sí', refused: 'no', expired: 'sin respuesta a tiempo' },
  },
  open: {
    title: (name) => `${name} no está bloqueado`,
    heading: 'Este sitio está abierto',
    lead: 'Tu navegador lo está cargando otra vez. Puede tardar hasta un minuto, porque el navegador recuerda la respuesta anterior por un rato.',
    tryNow: 'Probar ahora',
    here: 'Este sitio no está bloqueado en este dispositivo.',
    go: (name) => `Ir a ${name}`,
  },
  device: {
    title: 'Filtro web',
    heading: 'Qué filtra este dispositivo',
    lead: 'Tienes derecho a saberlo. Esta página la hace el mismo dispositivo y funciona sin red.',
    now: 'Ahora mismo',
    place: {
      'on-campus': 'El dispositivo está en la escuela.',
      'off-campus': 'El dispositivo no está en la escuela.',
      unknown: 'El dispositivo no puede saber si está en la escuela.',
    },
    recordedNow: (level) => `Lo que se registra en este momento: ${levels[level].short}.`,
    ruleHolds: (title) => `Está en vigor la regla de horario «${title}».`,
    ruleUntil: (title, until) => `La regla de horario «${title}» está en vigor hasta ${until}.`,
    filtered: 'Qué se filtra',
    always: 'Siempre bloqueado',
    blocked: 'Bloqueado',
    ownList: 'Listas propias del distrito',
    blockedSites: (count) => (count === 1 ? '1 sitio bloqueado' : `${count} sitios bloqueados`),
    allowedSites: (count) => (count === 1 ? '1 sitio permitido' : `${count} sitios permitidos`),
    safeSearch: 'Buscadores',
    safeSearchOn: 'Solo muestran resultados filtrados.',
    youtube: 'YouTube',
    youtubeOn: {
      moderate: 'Solo muestra videos en modo restringido.',
      strict: 'Solo muestra videos en modo restringido estricto.',
    },
    nothing: 'En este dispositivo no se bloquea nada.',
    timetable: 'Horario',
    overrides: 'Abierto o cerrado por el personal',
    overrideUntil: (what, by, until) => `${what}, por ${by}, hasta ${until}.`,
    overrideFrom: (what, by, from, until) => `${what}, por ${by}, desde ${from} hasta ${until}.`,
    recorded: 'Qué se registra',
    schoolHours: 'En la escuela, en horario escolar',
    afterHours: 'En la escuela, fuera del horario',
    elsewhere: 'En cualquier otro lugar',
    isNow: 'ahora',
    namesKept: (days) => `Los nombres de los sitios se borran después de ${days} días.`,
    countsKept: (days) => `Los números se borran después de ${days} días.`,
    keptByDistrict: 'Tu distrito escolar decide cuánto tiempo se guarda, y después lo borra.',
    whoLooks:
      'Solo puede verlo el personal de la escuela que tiene esa tarea. Para ver los registros de una persona debe escribir el motivo, y cada consulta también se registra.',
    never: 'Qué no se registra nunca',
    neverList: [
      'la cámara y el micrófono',
      'lo que escribes',
      'imágenes de la pantalla',
      'qué páginas de un sitio lees, o qué dicen',
    ],
    neverWhy: 'En este programa no hay nada que pueda hacerlo.',
    requests: 'Sitios que pediste',
    noRequests: 'Todavía no has pedido ningún sitio.',
    recent: 'Bloqueado hace poco',
    recentLead: 'Esta lista es para ti. Se queda en la memoria de este dispositivo y desaparece cuando se reinicia.',
    noRecent: 'No se ha bloqueado nada hace poco, o aquí no se puede guardar nada.',
    asked: 'Pedirlo',
    askFor: (name) => `Pedirlo: ${name}`,
    askHeading: '¿No se abre un sitio?',
    askLabel: 'Nombre del sitio',
    askHint: 'Los sitios seguros no pueden mostrar el motivo. Mira aquí por qué no se abre, y pide que lo abran.',
    askButton: 'Buscar',
    badName: 'Eso no es el nombre de un sitio. Escríbelo como example.org.',
    about: 'Sobre este dispositivo',
    deviceId: 'Dispositivo',
    district: 'Distrito',
    contact: 'Pregunta a',
    version: 'Programa',
    back: 'Qué filtra y registra este dispositivo',
  },
  my: {
    title: 'Mi dispositivo',
    heading: 'Mi dispositivo',
    toFilter: 'Qué filtra este dispositivo',
    toDevice: 'Mi dispositivo',
    allWell: 'Todo está en orden',
    allWellLead: 'Este dispositivo está como lo pide tu distrito escolar. No tienes que hacer nada.',
    wrongCount: (count) => (count === 1 ? 'Hay una cosa por arreglar' : `Hay ${count} cosas por arreglar`),
    wrongLead: 'Aquí abajo ves qué es, por qué importa y qué puedes hacer tú.',
    notJudged: 'Tu distrito escolar todavía no ha revisado este dispositivo',
    notJudgedLead: 'Lo hará poco después de que se conecte. Aquí abajo está lo que ve el mismo dispositivo.',
    notKnown: 'Todavía no se sabe todo',
    notKnownLead: 'El dispositivo lo está averiguando. No tienes que hacer nada.',
    wrong: 'Qué está mal',
    unknown: 'Todavía no se sabe',
    seen: 'Se ve',
    seenAt: (time) => `(este dispositivo, ${time})`,
    since: (time) => `Está así desde: ${time}.`,
    why: 'Por qué importa',
    fix: 'Qué puedes hacer',
    byWhen: 'Hasta cuándo',
    by: (time) => `A más tardar: ${time}.`,
    noDate:
      'Todavía no hay fecha: el calendario escolar no tiene suficientes días de clases. Arréglalo lo antes posible.',
    overdueSince: (time) => `Ahora: el plazo se acabó (${time}).`,
    now: 'Ahora. Para esto no hay plazo.',
    notTold: 'Este dispositivo lo acaba de ver. Tu distrito escolar dirá hasta cuándo.',
    justSeen: 'recién visto',
    mended: 'arreglado',
    mendedLead: (time) => `Este dispositivo ve que ya está arreglado (${time}).`,
    beingTold: 'Se le está avisando a tu distrito escolar.',
    toldLater: 'Se le avisará a tu distrito escolar en cuanto haya conexión.',
    technical: 'Detalle técnico',
    step: {
      warn: 'Este es el primer aviso.',
      remind: 'Este es un recordatorio: el plazo para arreglarlo está por terminar.',
      restrict: 'Este dispositivo está limitado hasta que se arregle.',
    },
    ending: 'Todo está arreglado: los límites terminan pronto',
    endingLead: 'Terminan solos en cuanto tu distrito escolar lo vea.',
    restrictedSince: (time) => `Está limitado desde: ${time}.`,
    restriction: (name) => `Lo que está limitado lo fija la regla «${name}».`,
    restrictionWhat: 'Por ahora no se abren algunos sitios y funciones. Pedir ayuda siempre funciona.',
    restrictionSee: 'Ver qué está limitado',
    told: {
      lost: 'Este dispositivo está reportado como perdido',
      restart: (time) => `Este dispositivo se reinicia: ${time}`,
      restartLead: 'Guarda tu trabajo ahora. Tu distrito escolar pidió el reinicio.',
      postpone: 'Todavía no',
      postpones: (count) => (count === 1 ? 'Puedes aplazarlo una vez.' : `Puedes aplazarlo ${count} veces.`),
    },
    noticeSee: (address) => `Qué puedes hacer: ${address}`,
    wayOut:
      'Cómo salir: arregla lo que está en la lista de abajo. Entonces los límites se quitan solos, casi siempre en menos de un minuto.',
    nextStep: (time) => `Si nada cambia, el próximo paso será: ${time}.`,
    nextLimits: (time) => `Si nada cambia, este dispositivo quedará limitado a partir de: ${time}.`,
    judgedAt: (time) => `Revisado por tu distrito escolar: ${time}`,
    lookedAt: (time) => `Revisado por este dispositivo: ${time}`,
    lookedNow: 'Revisado ahora mismo',
    looking: 'El dispositivo se está revisando…',
    offline:
      'Ahora no hay conexión con tu distrito escolar. Lo que ve el mismo dispositivo está al día; lo demás puede ser de antes.',
    offlineSince: (time) =>
      `No hay conexión con tu distrito escolar desde: ${time}. Lo que ve el mismo dispositivo está al día; lo demás puede ser de antes.`,
    checkAgain: 'Revisar otra vez',
    checkBusy: 'Revisando…',
    checkHint: 'Presiónalo después de arreglar algo.',
    checkFailed: 'No funcionó. Vuelve a cargar la página y presiona el botón otra vez.',
    tooSoon: 'Acabas de presionarlo. Espera unos segundos y presiona el botón otra vez.',
    tooOften: 'Lo has presionado muchas veces. Espera un rato y presiona el botón otra vez.',
    stalePage: 'Esta página estuvo abierta demasiado tiempo. Presiona el botón otra vez.',
    owed: 'Qué más falta',
    owedKind: { agreement: 'Un acuerdo por firmar', 'device-return': 'Un dispositivo por devolver' },
    due: (time) => `Fecha límite: ${time}`,
    overdue: (time) => `Vencido desde: ${time}`,
    waived: 'Por ahora no cuenta',
    waivedUntil: (time) => `Tu distrito escolar decidió que esto no cuenta hasta: ${time}.`,
    asked: 'Qué se le pide a este dispositivo',
    askedLead: 'Así está este dispositivo, y lo ha comprobado.',
    nothingAsked: 'Todavía no se le pide nada a este dispositivo.',
    proof: 'Ver la prueba',
    corrected: 'Cambiado y corregido',
    correctedAt: (time) => `Alguien o algo lo cambió, y este dispositivo lo corrigió (${time}).`,
    minor: 'Bueno saberlo',
    minorLead: 'Esto no cuenta en tu contra.',
    alsoRecorded: 'Qué ve tu distrito escolar de este dispositivo',
    alsoRecordedList: [
      'el estado de los ajustes de esta página, y cuándo cambió alguno',
      'la marca, el modelo, el número de serie y el sistema del dispositivo',
      'su salud: disco, batería, memoria, temperatura, actualizaciones, cuánto trabaja',
      'el tipo de red (con cable o inalámbrica) y la dirección desde la que se conecta',
      'señales de formas de evitar el filtro web, como una VPN o un proxy',
      'cuándo se conectó, y a qué persona se le entregó',
      'sus programas, su red y sus mensajes, solo mientras el equipo de soporte lo ve: esta página lo dice',
    ],
    noFilter: 'En este dispositivo no hay filtro web, así que no se registra nada de los sitios que abres.',
    help: 'Pedir ayuda',
    helpAsk: (contact) => `Pregunta aquí: ${contact}. Di el nombre del dispositivo, o muestra esta página.`,
    helpSchool: 'Pregunta en tu escuela. Di el nombre del dispositivo, o muestra esta página.',
    helpAlways: 'Siempre se puede pedir ayuda, también mientras el dispositivo está limitado.',
  },
  looks,
  recordReads,
  help,
  scheduleWords({ action, domains, when, place }: FilterSchedule, categories: readonly string[]): string {
    const sites = domains.length === 0 ? [] : [domains.length === 1 ? '1 sitio' : `${domains.length} sitios`];
    const what = list([...categories, ...sites]) || 'nada';
    const where = { anywhere: '', 'on-campus': ', en la escuela', 'off-campus': ', fuera de la escuela' }[place];
    return `${what}: ${action === 'block' ? 'bloqueado' : 'abierto'} ${windowWords(when)}${where}.`;
  },
  overrideWords(kind: 'allow' | 'block' | 'only', names: readonly string[], everything: boolean): string {
    const what = everything ? 'todos los sitios' : list(names);
    return { allow: `Abierto: ${what}`, block: `Cerrado: ${what}`, only: `Solo están abiertos: ${what}` }[kind];
  },
};
