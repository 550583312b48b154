import { testSuite } from "./suite.ts";

testSuite("drop-under-claim");
