// dotnet-ef loads this program to find the design-time factories in Governance.Infrastructure/Data; it does nothing by itself.
return;
