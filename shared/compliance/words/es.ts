import type { CapabilityName } from '../../profile/registry.ts';
import { type CheckLanguage, type Pattern, sayBy } from './language.ts';

/** May name more than this version has: capabilities come and go. */
const capabilities = {
  webFilter: 'Filtro web',
  browser: 'Navegador',
  firewall: 'Cortafuegos',
  usbStorage: 'Memorias y discos USB',
  guestAccount: 'Cuenta de invitado',
  localAdmins: 'Administradores de la computadora',
  passwordRules: 'Reglas de contraseñas',
  applications: 'Aplicaciones',
  screenLock: 'Bloqueo de pantalla',
  updates: 'Actualizaciones',
  timeSync: 'Sincronización de la hora',
  diskEncryption: 'Cifrado del disco',
  antivirus: 'Antivirus',
  secureBoot: 'Arranque seguro',
  wifi: 'Redes Wi-Fi',
  accessibility: 'Accesibilidad',
};
const ofCapabilities: Readonly<Record<CapabilityName, string>> = capabilities;

const sentences = {
  on: 'activado',
  off: 'desactivado',
  encrypted: 'cifrado',
  'not encrypted': 'sin cifrar',
  blocked: 'bloqueado',
  'read only': 'solo lectura',
  allowed: 'permitido',
  right: 'correcta',
  'wrong by more than two minutes': 'equivocada por más de dos minutos',
  synchronised: 'sincronizada',
  'not synchronised': 'sin sincronizar',
  enough: 'suficiente',
  worn: 'gastada',
  'in good order': 'en buen estado',
  'no battery': 'no tiene batería',
  'left alone': 'nadie los cambia',
  'a setting is changed back again and again': 'algo cambia un ajuste una y otra vez',
  'an ordinary account': 'una cuenta normal',
  'an administrator': 'una cuenta de administrador',
  'no desktop': 'no tiene escritorio',
  'not set for everybody': 'no está puesto para todos',
  'they install by themselves': 'se instalan solas',
  'they do not install by themselves': 'no se instalan solas',
  'a drive foresees its failure': 'el disco avisa que va a fallar',
  'no failure foreseen': 'no se prevé ninguna falla',
  'asked for and blocked': 'se probó y bloquea',
  'the filter answers; nothing had to be blocked at that hour':
    'el filtro responde; a esa hora no había nada que bloquear',
  'not every page that must be blocked was': 'no se bloquearon todas las páginas que se deben bloquear',
  'not measured in the last report': 'no se midió la última vez',
  'no web filter is asked of this device': 'a este dispositivo no se le pide un filtro web',
  'this system comes without a scanner': 'este sistema no trae antivirus',
  'this device has none': 'este dispositivo no lo tiene',
  'this system has no guests': 'este sistema no tiene invitados',
  'this device cannot do this': 'este dispositivo no puede hacerlo',
  'in force and proved': 'en vigor y comprobado',
  'in force; a change is on its way': 'en vigor; viene un cambio en camino',
  'not applied in time': 'no se aplicó a tiempo',
  'applied, but not proved': 'aplicado, pero sin comprobar',
  'not reported yet': 'todavía no se ha informado',
  'reported in a form this server cannot read': 'se informó de una manera que el distrito no puede leer',
};

const patterns: readonly Pattern[] = [
  [/^not known \((?<technical>.+)\)$/s, 'no se sabe'],
  [/^failed \((?<technical>.+)\)$/s, 'falló'],
  [/^version (.+), which cannot be compared$/s, 'versión $1, que no se puede comparar'],
  [/^version (.+)$/s, 'versión $1'],
  [/^after (.+)$/, 'después de $1'],
  [/^more than (\d+) s off$/, 'se desvía más de $1 s'],
  [/^nearly full: (.+)$/s, 'casi lleno: $1'],
  [/^more than (\d+) days ago$/, 'hace más de $1 días'],
  [/^within (\d+) days$/, 'en los últimos $1 días'],
  [/^no end of support is known for (.+)$/s, 'no se sabe hasta cuándo tiene soporte $1'],
  [/^(.+): support ended on (\S+)$/s, '$1: el soporte terminó el $2'],
  [/^(.+): until (\S+)$/s, '$1: hasta el $2'],
];

/** Spanish as schools of the United States write it to students and staff. */
export const es: CheckLanguage = {
  capabilities: ofCapabilities,
  settings: {
    why: 'El distrito promete a las familias que esta protección está activa; solo lo está cuando el dispositivo lo ha comprobado.',
    fix: 'Reinicia el dispositivo mientras está conectado a internet. Si no se arregla, llévalo a soporte técnico.',
  },
  seen: sayBy(sentences, patterns, 'algo que solo hay en inglés'),
  checks: {
    'agent-current': {
      title: 'Programa Rollcall',
      why: 'A un programa viejo le faltan arreglos, y quizá no entienda las reglas nuevas.',
      fix: 'Deja el dispositivo encendido y conectado. Si en un día no se arregla, llévalo a soporte técnico para que instalen el programa otra vez.',
    },
    'disk-encrypted': {
      title: 'Cifrado del disco',
      why: 'Sin cifrado, quien encuentre o robe el dispositivo podría leer todo lo que hay en el disco.',
      fix: 'Mantén el dispositivo enchufado y llévalo a soporte técnico: ahí activan el cifrado y no se pierde nada.',
    },
    'firewall-on': {
      title: 'Cortafuegos (firewall)',
      why: 'El cortafuegos impide que otras computadoras de la misma red, en la escuela o en un café, entren en esta.',
      fix: 'Activa el cortafuegos en la configuración del sistema. Si no te deja, pide ayuda a soporte técnico.',
    },
    'screen-locks': {
      title: 'Bloqueo de pantalla',
      why: 'Con la pantalla abierta, cualquiera que pase puede leer, escribir y entrar en páginas con tu nombre.',
      fix: 'Bloquea la pantalla cuando te alejes (tecla Windows y L, o Control, Comando y Q). Soporte técnico la configura para que se bloquee sola.',
    },
    'updates-automatic': {
      title: 'Actualizaciones automáticas',
      why: 'La mayoría de los ataques usa fallas que ya se podían arreglar hace semanas con una actualización.',
      fix: 'Deja el dispositivo encendido y conectado, y reinícialo cuando lo pida. Si no se arregla, pide ayuda a soporte técnico.',
    },
    'usb-storage-blocked': {
      title: 'Memorias y discos USB',
      why: 'Una memoria ajena puede traer programas dañinos, y también llevarse el trabajo de otras personas sin que nadie lo note.',
      fix: 'Saca las memorias y los discos USB, y comparte los archivos por internet. Si ya usabas una memoria, cuenta hasta que reinicies el dispositivo.',
    },
    'guest-account-off': {
      title: 'Cuenta de invitado',
      why: 'Como invitado, cualquiera puede usar el dispositivo sin que se sepa quién fue.',
      fix: 'Desactiva los invitados en la configuración de usuarios y cuentas. Si no te deja, pide ayuda a soporte técnico.',
    },
    'filter-measured': {
      title: 'Filtro web, medido',
      why: 'Los ajustes pueden estar puestos y aun así abrirse una página: solo probando páginas bloqueadas se ve que el filtro funciona.',
      fix: 'Desactiva cualquier VPN o DNS privado y reinicia el dispositivo mientras está conectado. Si no se arregla, llévalo a soporte técnico.',
    },
    'not-local-admin': {
      title: 'Permisos de tu cuenta',
      why: 'Quien puede cambiar todo el dispositivo puede quitarle todas las protecciones, y también puede hacerlo cualquier programa que abra.',
      fix: 'Lleva el dispositivo a soporte técnico: tu cuenta pasa a ser normal y tus archivos se quedan.',
    },
    'antivirus-on': {
      title: 'Protección contra virus',
      why: 'Detiene programas dañinos conocidos antes de que empiecen, como los que llegan por correo o en descargas falsas.',
      fix: 'Abre Seguridad de Windows (o Privacidad y seguridad en una Mac) y activa la protección. Si no te deja, pide ayuda a soporte técnico.',
    },
    'secure-boot': {
      title: 'Arranque seguro',
      why: 'Sin él, algo puede arrancar antes que el sistema y esconderse de todo lo que lo protege.',
      fix: 'Pide ayuda a soporte técnico: se activa antes de que arranque el sistema.',
    },
    'os-supported': {
      title: 'Sistema con soporte',
      why: 'Un sistema sin soporte ya no recibe arreglos: lo que los atacantes descubren de él queda abierto.',
      fix: 'No lo puedes arreglar por tu cuenta: pregunta a soporte técnico cuándo recibirá el dispositivo un sistema más nuevo.',
    },
    'clock-right': {
      title: 'Hora del dispositivo',
      why: 'Con la hora equivocada no se abren las páginas seguras y nadie puede saber cuándo pasó algo. Los horarios siguen la hora del distrito.',
      fix: 'Activa «ajustar la hora automáticamente» en la configuración del sistema, o pide ayuda a soporte técnico.',
    },
    'clock-synchronised': {
      title: 'Sincronización de la hora',
      why: 'Con la hora equivocada falla el inicio de sesión, las páginas seguras parecen inseguras y los horarios no coinciden.',
      fix: 'Conecta el dispositivo a la red y activa el ajuste automático de la hora. Si no te deja, pide ayuda a soporte técnico.',
    },
    'no-tampering': {
      title: 'Ajustes sin cambios',
      why: 'Una protección que se apaga una y otra vez protege solo a ratos, la apague quien la apague.',
      fix: 'Deja los ajustes de la escuela como están. Si no cambiaste nada, puede ser un programa: pide a soporte técnico que lo revise.',
    },
    'disk-space': {
      title: 'Espacio en el disco',
      why: 'Con el disco lleno fallan las actualizaciones, no se puede guardar el trabajo y el dispositivo se vuelve lento.',
      fix: 'Vacía la papelera, y pasa a la nube o borra videos y descargas viejas. Después reinicia el dispositivo.',
    },
    'drive-healthy': {
      title: 'Salud del disco',
      why: 'El mismo disco avisa que pronto va a fallar. Lo que solo esté en este dispositivo se perdería.',
      fix: 'Guarda hoy tu trabajo en la nube y lleva el dispositivo a soporte técnico.',
    },
    'battery-worn': {
      title: 'Batería',
      why: 'Una batería gastada no dura un día de clases, y una vieja puede hincharse.',
      fix: 'Trae el cargador a la escuela y pide a soporte técnico una batería nueva. Si la carcasa está hinchada, apaga el dispositivo y llévalo enseguida.',
    },
    'restarted-lately': {
      title: 'Último reinicio',
      why: 'Muchas actualizaciones solo funcionan después de reiniciar, y cerrar la tapa no es reiniciar.',
      fix: 'Guarda tu trabajo y elige Reiniciar en el menú del sistema.',
    },
  },
};
