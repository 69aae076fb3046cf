-- The app that the test vectors were packed from.
return 42
