import { testSuite } from "./suite.ts";

testSuite("pinning");
