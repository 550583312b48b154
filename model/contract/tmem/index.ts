/** Transcendent memory, call by call: what a hypervisor's store of pages promised its guests. */
export {
  freshTmem,
  type Tmem,
  type TmemAllowed,
  type TmemOperation,
  type TmemPoolForm,
  tmemStep,
} from "./step.ts";
