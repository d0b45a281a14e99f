-- The service's database and login. Run as sa; nothing else uses sa.
IF DB_ID('ReportIntake') IS NULL CREATE DATABASE ReportIntake;
GO
-- Readers do not wait for writers, as the sequencer of the custody ledger assumes.
IF (SELECT is_read_committed_snapshot_on FROM sys.databases WHERE name = 'ReportIntake') = 0
    ALTER DATABASE ReportIntake SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;
GO
IF SUSER_ID('reportintake') IS NULL CREATE LOGIN reportintake WITH PASSWORD = '$(LOGIN_PASSWORD)', DEFAULT_DATABASE = ReportIntake;
ELSE ALTER LOGIN reportintake WITH PASSWORD = '$(LOGIN_PASSWORD)';
GO
USE ReportIntake;
GO
IF USER_ID('reportintake') IS NULL CREATE USER reportintake FOR LOGIN reportintake;
-- Owner, because the verb migrate changes tables with the same connection string.
ALTER ROLE db_owner ADD MEMBER reportintake;
GO
