// node tools/run.mjs tools/catalogue/write.ts: writes public/models/catalogue.json.
import { writeCatalogue } from './catalogue';

writeCatalogue();
