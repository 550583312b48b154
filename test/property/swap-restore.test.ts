import { testSuite } from "./suite.ts";

testSuite("swap-restore");
