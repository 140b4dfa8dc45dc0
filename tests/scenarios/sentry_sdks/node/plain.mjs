import { charge } from "./circumstances.mjs";

charge("by itself");
