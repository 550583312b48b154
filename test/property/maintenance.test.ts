import { testSuite } from "./suite.ts";

testSuite("maintenance");
