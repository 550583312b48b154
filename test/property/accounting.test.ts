import { testSuite } from "./suite.ts";

testSuite("accounting");
