CREATE TABLE "dataset_publications" (
	"number" integer PRIMARY KEY NOT NULL,
	"progress" real DEFAULT 0 NOT NULL,
	"draft" jsonb,
	"failure" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "training_runs" ADD COLUMN "heard_at" timestamp with time zone DEFAULT now() NOT NULL;