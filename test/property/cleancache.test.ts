import { testSuite } from "./suite.ts";

testSuite("cleancache");
