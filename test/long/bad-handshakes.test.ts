/** The same, for a minute (see `stormMs` there). */
import '../faults/bad-handshakes.test.ts';
