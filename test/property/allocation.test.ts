import { testSuite } from "./suite.ts";

testSuite("allocation");
